//! What to discover, and for which features and target.

use std::path::PathBuf;

/// Options of [`discover`](super::discover).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoverOptions {
    /// Features to switch on, as for `cargo build --workspace --features`: `a`, `package/a`, several in one string.
    pub features: Vec<String>,
    /// Every feature of every member.
    pub all_features: bool,
    /// Leave the members' default features off (a dependent may still ask for them).
    pub no_default_features: bool,
    /// The triple to analyse for; the host's without it.
    pub target: Option<String>,
    /// Flags that hold besides the target's own, as for `rustc --cfg`: `tokio_unstable`, `backend="simd"`.
    pub cfgs: Vec<String>,
    /// What to leave out besides what `.gitignore` does: lines in the same syntax, relative to the root.
    pub exclude: Vec<String>,
    /// How many packages outside of any `[workspace]`, and how many that are a workspace each, cargo is asked about;
    /// further ones (test fixtures, as a rule) are read without it. One call takes about 40 ms (`time cargo metadata
    /// --no-deps` on nushell, 2 cores), and two run at once there: the default keeps each kind under half a second.
    pub max_lone_packages: usize,
    /// Cargo's home, whose `config.toml` may set profiles; that of nobody without it. Its files are read, nothing is run.
    pub cargo_home: Option<PathBuf>,
}

impl Default for DiscoverOptions {
    fn default() -> Self {
        Self {
            features: Vec::new(),
            all_features: false,
            no_default_features: false,
            target: None,
            cfgs: Vec::new(),
            exclude: Vec::new(),
            max_lone_packages: 16,
            cargo_home: None,
        }
    }
}
