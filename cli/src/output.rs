//! Where an answer goes: stdout, and files. Nothing is written through a link or into anything but a file: a repository
//! may ship one where its analysis is going to be written.

use std::fs::{self, FileType, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Writes to stdout, buffered; colours are taken out where they aren't wanted.
pub(crate) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    write(&mut out)?;
    out.flush()?;
    Ok(())
}

/// A directory to write into, made when it is needed.
#[derive(Debug)]
pub(crate) struct OutDir {
    dir: PathBuf,
    /// The analysed directory: on a way that leads through it no link is followed.
    analysed: Option<PathBuf>,
}

impl OutDir {
    /// The directory of `--out`; `analysed` is the path of the repository, if there is one.
    ///
    /// # Errors
    /// When it is a link or no directory, or the way to it leads through a link of the repository.
    pub(crate) fn new(dir: &Path, analysed: Option<&Path>) -> anyhow::Result<Self> {
        if dir.as_os_str().is_empty() {
            bail!("--out names no directory");
        }
        let analysed = analysed.and_then(|path| {
            let path = path.canonicalize().ok()?;
            if path.is_dir() { Some(path) } else { path.parent().map(Path::to_owned) }
        });
        let out = Self { dir: dir.to_owned(), analysed };
        out.check_way()?;
        Ok(out)
    }

    /// The directory and the name of a single file.
    ///
    /// # Errors
    /// Likewise, and when something that is no file has the name.
    pub(crate) fn of_file<'p>(path: &'p Path, analysed: Option<&Path>) -> anyhow::Result<(Self, &'p Path)> {
        let name = path.file_name().with_context(|| format!("{} names no file", path.display()))?;
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let out = Self::new(dir, analysed)?;
        check_file(path)?;
        Ok((out, Path::new(name)))
    }

    /// Writes a file: a new one that takes the place of an old one once it is whole.
    ///
    /// # Errors
    /// Names the file, and what is in the way or what the system said.
    pub(crate) fn write(
        &self,
        name: impl AsRef<Path>,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        self.check_way()?;
        fs::create_dir_all(&self.dir)
            .with_context(|| format!("cannot make the directory {}", self.dir.display()))?;
        let path = self.dir.join(name);
        check_file(&path)?;
        let result = new_file(&self.dir).and_then(|file| {
            let mut out = BufWriter::new(file);
            write(&mut out)?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?.persist(&path)?;
            Ok(())
        });
        // An error's kind is left out on purpose: a broken pipe here would not be the reader's doing.
        result.map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))
    }

    fn check_way(&self) -> anyhow::Result<()> {
        let absolute = std::path::absolute(&self.dir)
            .with_context(|| format!("cannot write into {}", self.dir.display()))?;
        // Without a slash at the end, which would follow a link.
        let absolute: PathBuf = absolute.components().collect();
        for place in absolute.ancestors() {
            let Ok(data) = place.symlink_metadata() else { continue };
            let shown = if place == absolute { self.dir.display() } else { place.display() };
            if data.is_symlink() && (place == absolute || self.is_of_repository(place)) {
                bail!("cannot write into {shown}: it is a link; name the directory that is meant");
            }
            if !data.is_symlink() && !data.is_dir() {
                bail!("cannot write into {shown}: it is {}, not a directory", name(data.file_type()));
            }
        }
        Ok(())
    }

    fn is_of_repository(&self, link: &Path) -> bool {
        let parent = link.parent().and_then(|dir| dir.canonicalize().ok());
        self.analysed.as_ref().zip(parent).is_some_and(|(root, dir)| dir.starts_with(root))
    }
}

/// A file in the directory under a name that nobody can know, so that no link can wait for it.
fn new_file(dir: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".split-advisor-");
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file: the user's mask takes its share.
        builder.permissions(Permissions::from_mode(0o666))
    };
    builder.tempfile_in(dir)
}

fn check_file(path: &Path) -> anyhow::Result<()> {
    match path.symlink_metadata() {
        Ok(data) if !data.is_file() => {
            bail!("cannot write {}: there is {} in its place", path.display(), name(data.file_type()))
        }
        _ => Ok(()),
    }
}

fn name(kind: FileType) -> &'static str {
    split_analyzer::base::read::name(&kind)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn write(dir: &Path, analysed: &Path, name: &str) -> String {
        let result =
            OutDir::new(dir, Some(analysed)).and_then(|out| out.write(name, |out| writeln!(out, "new")));
        result.map_or_else(|error| error.to_string(), |()| "written".to_owned())
    }

    #[test]
    fn only_files_are_replaced_and_no_link_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        let root = top.join("root");
        fs::create_dir_all(root.join("real/below")).unwrap();
        fs::create_dir_all(root.join("real/x.json")).unwrap();
        fs::write(top.join("victim"), "old").unwrap();
        fs::write(root.join("real/old.json"), "old").unwrap();
        fs::write(root.join("file"), "").unwrap();
        symlink("../../victim", root.join("real/link.json")).unwrap();
        symlink("nowhere", root.join("real/dangling.json")).unwrap();
        symlink("real", root.join("linked")).unwrap();
        symlink(&root, top.join("way")).unwrap();
        for (place, name, expected) in [
            ("root/real", "new.json", "written"),
            ("root/real", "old.json", "written"),
            ("root/made/deep", "new.json", "written"),
            ("way/real", "new.json", "written"),
            ("root/real", "link.json", "a link in its place"),
            ("root/real", "dangling.json", "a link in its place"),
            ("root/real", "x.json", "a directory in its place"),
            ("root/linked", "new.json", "it is a link"),
            ("root/linked/", "new.json", "it is a link"),
            ("root/linked/below", "new.json", "it is a link"),
            ("root/file", "new.json", "not a directory"),
            ("root/file/below", "new.json", "not a directory"),
        ] {
            let said = write(&top.join(place), &root, name);
            assert!(said.ends_with(expected) || said.contains(expected), "{place}/{name}: {said}");
        }
        assert_eq!(fs::read_to_string(top.join("victim")).unwrap(), "old");
        assert_eq!(fs::read_to_string(root.join("real/old.json")).unwrap(), "new\n");
        assert!(!root.join("real/nowhere").exists());
        let left = fs::read_dir(root.join("real")).unwrap().filter_map(Result::ok);
        assert!(left.into_iter().all(|e| !e.file_name().to_string_lossy().starts_with('.')));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode();
        let usual = top.join("usual");
        fs::write(&usual, "").unwrap();
        assert_eq!(mode(&root.join("real/new.json")), mode(&usual));
    }
}
