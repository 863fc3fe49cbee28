//! Where an answer goes: stdout, and the directory of `--out`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;

/// Writes to stdout, buffered; colours are taken out where they aren't wanted.
pub(crate) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    write(&mut out)?;
    out.flush()?;
    Ok(())
}

/// Writes a file of the output directory, which is made if needed.
pub(crate) fn to_file(
    dir: &Path,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make the directory {}", dir.display()))?;
    let path = dir.join(name);
    let result = File::create(&path).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()
    });
    // An error's kind is left out on purpose: a broken pipe here would not be the reader's doing.
    result.map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))
}
