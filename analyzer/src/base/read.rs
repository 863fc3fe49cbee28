//! The door to files: regular ones only, of a bounded size, and none outside of the analysed directory.
//!
//! A file is opened without following a link and without waiting, and looked at once it is open, so that nothing can
//! take its place in between. A link is followed by hand: only to a regular file, and out of the directory only if that is
//! allowed. Directories on the way are looked at once each.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Diagnostic, Severity};

/// What may be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// A larger file is reported and not read.
    pub max_file_bytes: u64,
    /// Follow links and paths that lead out of the analysed directory.
    pub follow_outside: bool,
}

impl Default for ReadOptions {
    /// 64 MiB: a choice. The largest `.rs` files that people commit are bindings made by a program, of some 10 MB; a lock
    /// file of 100,000 packages has 20 MB.
    fn default() -> Self {
        Self { max_file_bytes: 64 << 20, follow_outside: false }
    }
}

/// The largest file that the user may name, unless an option says otherwise: a graph of a million edges has 50 MB.
pub const MAX_GIVEN_BYTES: u64 = 256 << 20;

/// Why a file was not read.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refused {
    /// There is no such file.
    Absent,
    /// It lies outside of the analysed directory, by its path or by a link.
    Outside,
    /// It is no regular file; what it is instead.
    Special(&'static str),
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// The operating system said no, or it is not text.
    Io(io::Error),
}

impl Refused {
    /// The kind of diagnostic that this is.
    pub fn code(&self) -> Code {
        match self {
            Self::Outside => Code::Outside,
            Self::Special(_) => Code::NotAFile,
            Self::TooLarge(_) => Code::TooLarge,
            Self::Absent | Self::Io(_) => Code::Unreadable,
        }
    }

    /// The diagnostic; the path is for the caller to add.
    pub fn diagnostic(&self, severity: Severity) -> Diagnostic {
        Diagnostic::new(severity, self.code(), self.to_string())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("cannot be read: there is no such file"),
            Self::Outside => {
                f.write_str("leads out of the analysed directory: not read (--follow-outside reads it)")
            }
            Self::Special(what) => write!(f, "is {what}, not a file: not read"),
            Self::TooLarge(limit) => {
                write!(f, "is larger than {}: not read (--max-file-size)", Bytes(*limit))
            }
            Self::Io(error) => write!(f, "cannot be read: {error}"),
        }
    }
}

impl std::error::Error for Refused {}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Absent => io::ErrorKind::NotFound.into(),
            Refused::Io(error) => error,
            other => io::Error::other(other),
        }
    }
}

/// A number of bytes as people read it.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes >= 1 << 20 => write!(f, "{} MiB", bytes >> 20),
            bytes if bytes >= 1 << 10 => write!(f, "{} KiB", bytes >> 10),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

/// The directory that is analysed, as the place that files are read from. Clones share what is known of directories.
#[derive(Debug, Clone, Default)]
pub struct FileTree {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Canonical; nothing outside of it is read.
    bounds: PathBuf,
    options: ReadOptions,
    directories: RwLock<FxHashMap<PathBuf, Standing>>,
}

/// Where a directory really is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Inside,
    Outside,
    /// Files of the kernel and of devices, which need not end.
    System,
    Absent,
}

impl FileTree {
    /// Everything in and below `bounds`, which has to be canonical.
    pub fn new(bounds: impl Into<PathBuf>, options: ReadOptions) -> Self {
        Self { shared: Arc::new(Shared { bounds: bounds.into(), options, directories: RwLock::default() }) }
    }

    /// Every regular file: for what is no repository's choice.
    pub fn everywhere(options: &ReadOptions) -> Self {
        Self::new("", ReadOptions { follow_outside: true, ..options.clone() })
    }

    /// What may be read.
    pub fn options(&self) -> &ReadOptions {
        &self.shared.options
    }

    /// Whether a canonical path lies inside.
    pub fn holds(&self, path: &Path) -> bool {
        path.starts_with(&self.shared.bounds)
    }

    /// What a file holds.
    ///
    /// # Errors
    /// [`Refused`], if it isn't there, may not be read, or is no regular file of the allowed size.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, Refused> {
        let limit = self.shared.options.max_file_bytes;
        let (file, bytes) = self.open(path)?;
        if bytes > limit {
            return Err(Refused::TooLarge(limit));
        }
        bounded(file, bytes, limit)
    }

    /// What a file of text holds, if it has no more than `limit` bytes.
    ///
    /// # Errors
    /// As for [`read_text`](Self::read_text).
    pub fn read_text_within(&self, path: &Path, limit: u64) -> Result<String, Refused> {
        let limit = limit.min(self.shared.options.max_file_bytes);
        let (file, bytes) = self.open(path)?;
        if bytes > limit {
            return Err(Refused::TooLarge(limit));
        }
        text(bounded(file, bytes, limit)?)
    }

    /// What a file of text holds.
    ///
    /// # Errors
    /// Likewise, and for what is not UTF-8.
    pub fn read_text(&self, path: &Path) -> Result<String, Refused> {
        text(self.read(path)?)
    }

    /// Whether [`read`](Self::read) would get as far as opening the file, and its size would be allowed.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub fn check(&self, path: &Path) -> Result<(), Refused> {
        let (_, bytes) = self.open(path)?;
        let limit = self.shared.options.max_file_bytes;
        if bytes > limit { Err(Refused::TooLarge(limit)) } else { Ok(()) }
    }

    /// The open file and its size.
    fn open(&self, path: &Path) -> Result<(File, u64), Refused> {
        self.allow(self.standing(path.parent().unwrap_or(Path::new(""))))?;
        match open_itself(path) {
            Ok(file) => regular(file),
            Err(error) if is_absent(&error) => Err(Refused::Absent),
            // What opening a link without following it says differs from system to system.
            Err(_) if path.is_symlink() => self.open_target(path),
            Err(error) => Err(unopened(path, error)),
        }
    }

    fn open_target(&self, link: &Path) -> Result<(File, u64), Refused> {
        let target = link.canonicalize().map_err(absent_or)?;
        self.allow(self.of_canonical(&target))?;
        // Opening a device may do something: it is looked at first.
        special(&target.symlink_metadata().map_err(absent_or)?.file_type())?;
        regular(open_itself(&target).map_err(absent_or)?)
    }

    fn allow(&self, standing: Standing) -> Result<(), Refused> {
        match standing {
            Standing::Inside => Ok(()),
            Standing::Outside if self.shared.options.follow_outside => Ok(()),
            Standing::Outside => Err(Refused::Outside),
            Standing::System if self.shared.options.follow_outside => {
                Err(Refused::Special("a part of the system"))
            }
            Standing::System => Err(Refused::Outside),
            Standing::Absent => Err(Refused::Absent),
        }
    }

    fn of_canonical(&self, path: &Path) -> Standing {
        if is_system(path) && !is_system(&self.shared.bounds) {
            Standing::System
        } else if self.holds(path) {
            Standing::Inside
        } else {
            Standing::Outside
        }
    }

    /// Where a directory is; each is looked at once.
    fn standing(&self, dir: &Path) -> Standing {
        if dir == self.shared.bounds {
            return Standing::Inside;
        }
        let known = &self.shared.directories;
        if let Some(standing) = known.read().unwrap_or_else(PoisonError::into_inner).get(dir) {
            return *standing;
        }
        let standing = self.look(dir);
        known.write().unwrap_or_else(PoisonError::into_inner).insert(dir.to_owned(), standing);
        standing
    }

    fn look(&self, dir: &Path) -> Standing {
        let plain = dir.components().all(|part| !matches!(part, Component::ParentDir)) && !is_system(dir);
        // Below a directory that is known to be inside, one look tells.
        if plain
            && let Some(parent) = dir.parent().filter(|p| p.starts_with(&self.shared.bounds))
            && self.standing(parent) == Standing::Inside
        {
            match dir.symlink_metadata() {
                Ok(data) if !data.is_symlink() => return Standing::Inside,
                Err(_) => return Standing::Absent,
                Ok(_) => {}
            }
        }
        dir.canonicalize().map_or(Standing::Absent, |target| self.of_canonical(&target))
    }
}

/// The first bytes of a regular file, no link followed.
///
/// # Errors
/// [`Refused`], if it isn't there, may not be read, or is no regular file.
pub(crate) fn head(path: &Path, most: u64) -> Result<Vec<u8>, Refused> {
    let (file, bytes) = regular(open_itself(path).map_err(absent_or)?)?;
    let most = most.min(bytes);
    let mut head = Vec::with_capacity(usize::try_from(most).unwrap_or(0));
    file.take(most).read_to_end(&mut head).map_err(Refused::Io)?;
    Ok(head)
}

/// Files of the kernel and of devices.
fn is_system(path: &Path) -> bool {
    ["/proc", "/sys", "/dev"].iter().any(|dir| path.starts_with(dir))
}

/// A file that the user names; a pipe or a terminal, too.
///
/// # Errors
/// [`Refused`], for what can't be read and for more bytes than `limit`.
pub fn read_given(path: &Path, limit: u64) -> Result<Vec<u8>, Refused> {
    let file = File::open(path).map_err(Refused::Io)?;
    let data = file.metadata().map_err(Refused::Io)?;
    if data.is_dir() {
        return Err(Refused::Special("a directory"));
    }
    if data.len() > limit {
        return Err(Refused::TooLarge(limit));
    }
    bounded(file, data.len(), limit)
}

/// The same, as text.
///
/// # Errors
/// Likewise, and for what is not UTF-8.
pub fn read_given_text(path: &Path, limit: u64) -> Result<String, Refused> {
    text(read_given(path, limit)?)
}

/// All of a stream of which nobody knows how long it is.
///
/// # Errors
/// [`Refused::TooLarge`] once it is longer than `limit`, [`Refused::Io`] where it can't be read.
pub fn read_stream(stream: impl Read, limit: u64) -> Result<Vec<u8>, Refused> {
    bounded(stream, 0, limit)
}

/// Bytes as text.
///
/// # Errors
/// [`Refused::Io`] with the place of the first byte that is not UTF-8.
pub fn text(bytes: Vec<u8>) -> Result<String, Refused> {
    String::from_utf8(bytes).map_err(|error| {
        Refused::Io(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("it is not UTF-8: {}", error.utf8_error()),
        ))
    })
}

/// A file may grow while it is read.
fn bounded(stream: impl Read, expected: u64, limit: u64) -> Result<Vec<u8>, Refused> {
    // One byte more shows the end without another call that makes room.
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0).saturating_add(1));
    stream.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(Refused::Io)?;
    if bytes.len() as u64 > limit { Err(Refused::TooLarge(limit)) } else { Ok(bytes) }
}

fn regular(file: File) -> Result<(File, u64), Refused> {
    let data = file.metadata().map_err(Refused::Io)?;
    special(&data.file_type())?;
    Ok((file, data.len()))
}

fn special(kind: &std::fs::FileType) -> Result<(), Refused> {
    if kind.is_file() { Ok(()) } else { Err(Refused::Special(name(kind))) }
}

/// What a thing is that is no regular file.
pub fn name(kind: &std::fs::FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if kind.is_dir() {
        "a directory"
    } else if kind.is_symlink() {
        "a link"
    } else {
        "something else"
    }
}

/// Opens what the path names, not what a link leads to, and waits for nobody.
#[cfg(unix)]
fn open_itself(path: &Path) -> io::Result<File> {
    use nix::fcntl::OFlag;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = (OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open_itself(path: &Path) -> io::Result<File> {
    if path.is_symlink() {
        return Err(io::Error::other("a link"));
    }
    OpenOptions::new().read(true).open(path)
}

/// A socket can't be opened: that it is one says more than the system does.
fn unopened(path: &Path, error: io::Error) -> Refused {
    match path.symlink_metadata() {
        Ok(data) if !data.is_file() => Refused::Special(name(&data.file_type())),
        _ => Refused::Io(error),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn absent_or(error: io::Error) -> Refused {
    if is_absent(&error) { Refused::Absent } else { Refused::Io(error) }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use nix::sys::stat::Mode;

    use super::*;

    fn scene() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        let root = top.join("root");
        fs::create_dir_all(root.join("src")).unwrap();
        fs::create_dir(top.join("beside")).unwrap();
        fs::write(root.join("src/a.rs"), "a").unwrap();
        fs::write(root.join("src/long.rs"), "12345678").unwrap();
        fs::write(top.join("beside/secret"), "s").unwrap();
        nix::unistd::mkfifo(&root.join("pipe"), Mode::S_IRWXU).unwrap();
        UnixListener::bind(root.join("socket")).unwrap();
        for (link, target) in [
            ("in", "src/a.rs"),
            ("in_dir", "src"),
            ("out", "../beside/secret"),
            ("out_dir", "../beside"),
            ("zero", "/dev/zero"),
            ("kernel", "/proc/self/status"),
            ("to_pipe", "pipe"),
            ("self", "self"),
            ("gone", "nowhere"),
        ] {
            symlink(target, root.join(link)).unwrap();
        }
        (dir, root)
    }

    fn outcome(result: Result<Vec<u8>, Refused>) -> String {
        match result {
            Ok(bytes) => String::from_utf8(bytes).unwrap(),
            Err(Refused::Absent) => "absent".to_owned(),
            Err(Refused::Outside) => "outside".to_owned(),
            Err(Refused::Special(what)) => what.to_owned(),
            Err(Refused::TooLarge(limit)) => format!("over {limit}"),
            Err(Refused::Io(_)) => "error".to_owned(),
        }
    }

    #[test]
    fn what_is_read_and_what_is_not() {
        let (_dir, root) = scene();
        let tree = |follow_outside| FileTree::new(&root, ReadOptions { max_file_bytes: 7, follow_outside });
        let (inside, everywhere) = (tree(false), tree(true));
        for (path, expected, with_outside) in [
            ("src/a.rs", "a", "a"),
            ("in", "a", "a"),
            ("in_dir/a.rs", "a", "a"),
            ("src/../in_dir/a.rs", "a", "a"),
            ("src/long.rs", "over 7", "over 7"),
            ("src/b.rs", "absent", "absent"),
            ("no/such/dir.rs", "absent", "absent"),
            ("src/a.rs/b.rs", "absent", "absent"),
            ("src", "a directory", "a directory"),
            ("pipe", "a pipe", "a pipe"),
            ("to_pipe", "a pipe", "a pipe"),
            ("socket", "a socket", "a socket"),
            ("out", "outside", "s"),
            ("out_dir/secret", "outside", "s"),
            ("../beside/secret", "outside", "s"),
            ("zero", "outside", "a part of the system"),
            ("kernel", "outside", "a part of the system"),
            ("/proc/self/status", "outside", "a part of the system"),
            ("self", "error", "error"),
            ("gone", "absent", "absent"),
        ] {
            // Twice: the second time directories are known.
            for _ in 0..2 {
                assert_eq!(outcome(inside.read(&root.join(path))), expected, "{path}");
                assert_eq!(outcome(everywhere.read(&root.join(path))), with_outside, "{path}");
            }
        }
        let unbound = FileTree::everywhere(everywhere.options());
        assert_eq!(outcome(unbound.read(&root.join("out"))), "s");
        assert_eq!(outcome(unbound.read(Path::new("/proc/self/status"))), "a part of the system");
    }

    #[test]
    fn what_the_user_names_may_be_a_stream() {
        let (_dir, root) = scene();
        assert_eq!(outcome(read_given(&root.join("out"), 7)), "s");
        assert_eq!(outcome(read_given(&root.join("src/long.rs"), 7)), "over 7");
        assert_eq!(outcome(read_given(Path::new("/dev/zero"), 7)), "over 7");
        assert_eq!(outcome(read_given(Path::new("/dev/null"), 7)), "");
        assert_eq!(outcome(read_given(&root, 7)), "a directory");
        assert_eq!(outcome(read_given(&root.join("gone"), 7)), "error");
        assert_eq!(outcome(head(&root.join("src/long.rs"), 3)), "123");
        assert_eq!(outcome(head(&root.join("src/long.rs"), 99)), "12345678");
        assert_eq!(outcome(head(&root.join("pipe"), 3)), "a pipe");
        assert_eq!(outcome(head(&root.join("in"), 3)), "error");
        assert_eq!(outcome(read_stream(io::repeat(b'x'), 7)), "over 7");
    }
}
