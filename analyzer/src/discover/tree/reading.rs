//! What discovery reads from: the analysed directory, and the manifests above it.

use std::path::{Path, PathBuf};

use crate::base::{FileTree, ReadOptions, Refused};
use crate::diagnostic::Diagnostic;
use crate::discover::manifests::manifest::Manifest;
use crate::discover::options::DiscoverOptions;

/// Where a run of discovery looks.
pub(in crate::discover) struct Reading {
    /// The analysed directory, canonical.
    pub(in crate::discover) root: PathBuf,
    /// The same as the place that files are read from: with the whole workspace, where it lies in the middle of one.
    pub(in crate::discover) files: FileTree,
    /// The root's own manifest, if there is one.
    pub(in crate::discover) own: Option<Result<Manifest, Diagnostic>>,
    /// The workspace above the root that doesn't exclude it.
    pub(in crate::discover) around: Option<Manifest>,
    /// Everything: what lies above the root is no repository's choice.
    above: FileTree,
}

impl Reading {
    /// Looks at the root's manifest and at those above it.
    pub(in crate::discover) fn new(root: &Path, options: &DiscoverOptions) -> Self {
        let above = FileTree::everywhere(&options.reading);
        let around = enclosing(root, &above);
        let own_path = root.join("Cargo.toml");
        let inside = FileTree::new(root, options.reading.clone());
        let own = own_path.symlink_metadata().is_ok().then(|| Manifest::read(&inside, root, &own_path));
        let is_workspace = own.as_ref().is_some_and(|m| m.as_ref().is_ok_and(|m| m.workspace().is_some()));
        let files = match &around {
            Some(around) if !is_workspace => FileTree::new(&around.dir, options.reading.clone()),
            _ => inside,
        };
        Self { root: root.to_owned(), files, own, around, above }
    }

    /// A directory of which no manifest is asked for.
    pub(in crate::discover) fn bare(root: &Path, options: &ReadOptions) -> Self {
        Self {
            root: root.to_owned(),
            files: FileTree::new(root, options.clone()),
            own: None,
            around: None,
            above: FileTree::everywhere(options),
        }
    }

    /// The manifest that cargo can be asked about before the walk is done: the root's own, or that of the workspace around
    /// it. One that may not be read is none.
    pub(in crate::discover) fn entry(&self) -> Option<Entry> {
        match (&self.own, &self.around) {
            (Some(Ok(own)), _) if own.workspace().is_some() => Some(Entry::of(own)),
            (_, Some(around)) => Some(Entry::of(around)),
            (Some(Ok(own)), None) => Some(Entry::of(own)),
            // Cargo says best what is wrong with its syntax.
            (Some(Err(problem)), None) if !problem.code.is_of_reading() => {
                Some(Entry { path: self.root.join("Cargo.toml"), manifest: None })
            }
            _ => None,
        }
    }

    /// A file of the directory, or one above it.
    pub(in crate::discover) fn read(&self, path: &Path) -> Result<Vec<u8>, Refused> {
        if path.starts_with(&self.root) { self.files.read(path) } else { self.above.read(path) }
    }

    /// A manifest of the directory, or one above it.
    pub(in crate::discover) fn manifest(&self, path: &Path) -> Result<Manifest, Diagnostic> {
        let files = if path.starts_with(&self.root) { &self.files } else { &self.above };
        Manifest::read(files, &self.root, path)
    }
}

/// A manifest to ask cargo about; where it doesn't parse, only its path.
pub(in crate::discover) struct Entry {
    pub(in crate::discover) path: PathBuf,
    pub(in crate::discover) manifest: Option<Manifest>,
}

impl Entry {
    fn of(manifest: &Manifest) -> Self {
        Self { path: manifest.path(), manifest: Some(manifest.clone()) }
    }
}

/// The workspace above `dir` that doesn't exclude it.
fn enclosing(dir: &Path, files: &FileTree) -> Option<Manifest> {
    let above = dir.ancestors().skip(1).map(|d| d.join("Cargo.toml"));
    let mut workspaces = above
        .filter(|path| path.is_file())
        .filter_map(|path| Manifest::read(files, dir, &path).ok())
        .filter(|m| m.workspace().is_some());
    workspaces.next().filter(|m| !m.excludes(dir))
}
