//! Evaluates `cfg(…)` for the target, the features and the flags that the analysis is made for.
//!
//! Three-valued: `None` is "depends on something unknown" (`test` when the caller leaves it open, a triple
//! rustc doesn't know, an expression that doesn't parse such as `version("1.80")`).

use std::collections::BTreeSet;

use cfg_expr::expr::TargetMatcher;
use cfg_expr::targets::{ALL_BUILTINS, TargetInfo, get_builtin_target_by_triple};
use cfg_expr::{Expression, Predicate};

use crate::discover::model::{CfgSet, Dependency, Repository};

/// A parsed `cfg`, cheap to evaluate many times.
///
/// ```
/// use split_analyzer::discover::{CfgExpr, CfgSet};
///
/// let linux = CfgSet::for_triple("x86_64-unknown-linux-gnu");
/// let features = ["net".to_owned()].into();
/// let cfg = CfgExpr::parse(r#"all(unix, feature = "net", not(test))"#);
/// assert_eq!(cfg.eval(&linux, &features, Some(false)), Some(true));
/// assert_eq!(cfg.eval(&linux, &features, None), None);
/// ```
#[derive(Debug, Clone)]
pub struct CfgExpr {
    /// `None`: did not parse, always unknown.
    parsed: Option<Expression>,
}

/// The parser counts the functions below a function in a `u8`; more than this is refused before it overflows.
const MAX_FUNCTIONS: usize = u8::MAX as usize;

impl CfgExpr {
    /// Parses `cfg(all(unix, test))`, or what stands inside of the outer `cfg(…)`.
    pub fn parse(text: &str) -> Self {
        let inner = strip_cfg(text);
        let usable = inner.bytes().filter(|b| *b == b'(').count() <= MAX_FUNCTIONS;
        Self { parsed: usable.then(|| Expression::parse(inner).ok()).flatten() }
    }

    /// Whether it holds for `cfg`, a crate with these `features`, and `test` (`None`: either way).
    pub fn eval(&self, cfg: &CfgSet, features: &BTreeSet<String>, test: Option<bool>) -> Option<bool> {
        let target = get_builtin_target_by_triple(&cfg.triple);
        self.parsed.as_ref()?.eval(|predicate| match predicate {
            Predicate::Target(p) => target.map(|t| t.matches(p)),
            Predicate::Test => test,
            Predicate::DebugAssertions => Some(cfg.holds("debug_assertions", None)),
            Predicate::ProcMacro => Some(cfg.holds("proc_macro", None)),
            Predicate::Feature(name) => Some(features.contains(*name)),
            Predicate::TargetFeature(name) => Some(cfg.holds("target_feature", Some(name))),
            Predicate::Flag("true") => Some(true),
            Predicate::Flag("false") => Some(false),
            Predicate::Flag(name) => Some(cfg.holds(name, None)),
            Predicate::KeyValue { key, val } => Some(cfg.holds(key, Some(val))),
        })
    }
}

impl CfgExpr {
    /// Whether it can't hold outside of tests, whatever the target, features and flags.
    pub fn needs_test(&self) -> bool {
        self.fails_without(&|predicate| matches!(predicate, Predicate::Test))
    }

    /// Whether it can't hold but where rustdoc reads the code, whatever the target, features and flags.
    pub fn needs_doc(&self) -> bool {
        self.fails_without(&|predicate| matches!(predicate, Predicate::Flag("doc")))
    }

    /// Whether it fails where a predicate does, whatever all others say.
    fn fails_without(&self, needed: &dyn Fn(&Predicate<'_>) -> bool) -> bool {
        let eval = |p: &Expression| p.eval(|predicate| needed(predicate).then_some(false));
        self.parsed.as_ref().is_some_and(|p| eval(p) == Some(false))
    }
}

/// Parses and evaluates in one go: see [`CfgExpr::eval`].
pub fn eval_cfg(text: &str, cfg: &CfgSet, features: &BTreeSet<String>, test: Option<bool>) -> Option<bool> {
    CfgExpr::parse(text).eval(cfg, features, test)
}

/// Whether a `[target.X.dependencies]` table applies: `X` is a `cfg(…)` or a triple. Unknown counts as yes, so that
/// no dependency is lost.
pub fn target_applies(platform: &str, cfg: &CfgSet) -> bool {
    let platform = platform.trim();
    if platform.starts_with("cfg") && platform.ends_with(')') {
        // Cargo evaluates these without features and test: they are no properties of a platform.
        eval_cfg(platform, cfg, &BTreeSet::new(), Some(false)).unwrap_or(true)
    } else {
        platform == cfg.triple
    }
}

impl Repository {
    /// Whether a dependency is there with the features that are on, on any platform that counts.
    pub fn has(&self, dependency: &Dependency) -> bool {
        let target = dependency.target.as_deref().filter(|_| self.one_platform);
        dependency.enabled && target.is_none_or(|target| target_applies(target, &self.cfg))
    }
}

fn strip_cfg(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("cfg").map(str::trim_start).and_then(|t| t.strip_prefix('('));
    inner.and_then(|t| t.strip_suffix(')')).map_or(text, str::trim)
}

impl CfgSet {
    /// What holds on the machine this runs on (more exactly: on the target this library was compiled for).
    pub fn host() -> Self {
        Self::for_triple(&host_triple())
    }

    /// What holds in a debug build for `triple`, as `rustc --print cfg --target TRIPLE` lists it.
    pub fn for_triple(triple: &str) -> Self {
        let mut flags: BTreeSet<(String, Option<String>)> = BTreeSet::new();
        flags.insert(("debug_assertions".into(), None));
        for feature in baseline_target_features(triple) {
            flags.insert(("target_feature".into(), Some((*feature).into())));
        }
        Self { triple: triple.into(), flags }
    }

    fn holds(&self, key: &str, value: Option<&str>) -> bool {
        self.flags.iter().any(|(k, v)| k == key && v.as_deref() == value)
    }
}

/// Target features that are on without any `-C target-feature`, for the common architectures.
///
/// Source: `rustc --print cfg --target T` of Rust 1.95 for all of `rustc --print target-list`, the set most targets
/// of the architecture share.
fn baseline_target_features(triple: &str) -> &'static [&'static str] {
    let apple = triple.contains("-apple-");
    match triple.split('-').next().unwrap_or_default() {
        "x86_64" if apple => &["cmpxchg16b", "fxsr", "sse", "sse2", "sse3", "sse4.1", "ssse3"],
        "x86_64" if triple.contains("-windows-") => &["cmpxchg16b", "fxsr", "sse", "sse2", "sse3"],
        "x86_64" if triple.ends_with("-none") => &["fxsr"],
        "x86_64" if triple.contains("-linux-musl") => &["crt-static", "fxsr", "sse", "sse2"],
        "x86_64" | "i686" => &["fxsr", "sse", "sse2"],
        "aarch64" if apple => &["aes", "crc", "dotprod", "fp16", "lse", "neon", "sha2", "sha3"],
        "aarch64" | "arm64ec" => &["neon"],
        "riscv64gc" => &["a", "c", "m"],
        "wasm32" | "wasm64" => &[
            "bulk-memory",
            "multivalue",
            "mutable-globals",
            "nontrapping-fptoint",
            "reference-types",
            "sign-ext",
        ],
        _ => &[],
    }
}

/// The triple this library was compiled for: the built-in target that agrees with every `cfg` rustc set. No process is
/// started for it.
fn host_triple() -> String {
    let fits = |t: &&TargetInfo| {
        t.arch.as_str() == std::env::consts::ARCH
            && t.os.as_ref().is_some_and(|os| os.as_str() == std::env::consts::OS)
            && t.env.as_ref().map_or("", |e| e.as_str()) == compiled_env()
            && t.vendor.as_ref().map_or("unknown", |v| v.as_str()) == compiled_vendor()
            && usize::from(t.pointer_width) == usize::BITS as usize
            && t.abi.as_ref().is_none_or(|a| a.as_str().is_empty())
    };
    // Variants (`…-gnuasan`, `…-linuxkernel`) have longer names than the plain target; some others (`-oe-`) differ in a
    // vendor's name only.
    let plainness = |t: &&'static TargetInfo| {
        let triple = t.triple.as_str();
        (!triple.contains(compiled_vendor()), triple.len(), triple)
    };
    let plainest = ALL_BUILTINS.iter().filter(fits).min_by_key(plainness);
    plainest.map_or_else(|| "x86_64-unknown-linux-gnu".to_owned(), |t| t.triple.as_str().to_owned())
}

fn compiled_env() -> &'static str {
    match () {
        () if cfg!(target_env = "gnu") => "gnu",
        () if cfg!(target_env = "musl") => "musl",
        () if cfg!(target_env = "msvc") => "msvc",
        () => "",
    }
}

fn compiled_vendor() -> &'static str {
    match () {
        () if cfg!(target_vendor = "apple") => "apple",
        () if cfg!(target_vendor = "pc") => "pc",
        () => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINUX: &str = "x86_64-unknown-linux-gnu";

    fn eval(text: &str, triple: &str, test: Option<bool>) -> Option<bool> {
        let features = ["full", "io-std"].map(String::from).into();
        eval_cfg(text, &CfgSet::for_triple(triple), &features, test)
    }

    #[test]
    fn evaluates() {
        let (yes, no) = (Some(true), Some(false));
        let cases: &[(&str, Option<bool>)] = &[
            ("unix", yes),
            ("cfg(unix)", yes),
            ("cfg (all (unix , feature = \"full\"))", yes),
            ("windows", no),
            ("not(windows)", yes),
            ("any(windows, target_os = \"linux\")", yes),
            ("all(target_arch = \"x86_64\", target_pointer_width = \"64\", target_env = \"gnu\")", yes),
            ("target_has_atomic = \"64\"", yes),
            ("target_feature = \"sse2\"", yes),
            ("target_feature = \"avx2\"", no),
            ("panic = \"unwind\"", yes),
            ("feature = \"io-std\"", yes),
            ("feature = \"absent\"", no),
            ("debug_assertions", yes),
            ("proc_macro", no),
            ("tokio_unstable", no),
            ("not(loom)", yes),
            ("any(miri, docsrs, doc)", no),
            ("tokio_backend = \"uring\"", no),
            ("true", yes),
            ("any(false, not(true))", no),
            ("all()", yes),
            ("any()", no),
            ("test", no),
            ("any(test, version(\"1.80\"))", None),
            ("not(", None),
            ("", None),
            ("é", None),
        ];
        for (text, expected) in cases {
            assert_eq!(eval(text, LINUX, Some(false)), *expected, "{text}");
        }
    }

    #[test]
    fn test_may_be_left_open() {
        assert_eq!(eval("test", LINUX, None), None);
        assert_eq!(eval("all(test, windows)", LINUX, None), Some(false));
        assert_eq!(eval("any(test, unix)", LINUX, None), Some(true));
        assert_eq!(eval("not(test)", LINUX, Some(true)), Some(false));
    }

    #[test]
    fn the_triple_counts() {
        assert_eq!(eval("windows", "x86_64-pc-windows-msvc", None), Some(true));
        assert_eq!(eval("target_vendor = \"apple\"", "aarch64-apple-darwin", None), Some(true));
        assert_eq!(eval("unix", "my-board", None), None);
        assert!(target_applies(LINUX, &CfgSet::for_triple(LINUX)));
        assert!(target_applies("cfg(not(windows))", &CfgSet::for_triple(LINUX)));
        assert!(!target_applies("x86_64-pc-windows-msvc", &CfgSet::for_triple(LINUX)));
        assert!(target_applies("cfg(unix)", &CfgSet::for_triple("my-board")));
    }

    /// More functions than the parser can count must not panic, whichever profile it was built with.
    #[test]
    fn hostile_expressions_are_unknown() {
        let wide = format!("any({})", vec!["all(unix)"; 300].join(","));
        let deep = format!("{}unix{}", "not(".repeat(5_000), ")".repeat(5_000));
        assert_eq!(eval(&wide, LINUX, None), None);
        assert_eq!(eval(&deep, LINUX, None), None);
    }

    /// Against the compiler's own list, where there is a rustc to ask.
    #[test]
    fn host_agrees_with_rustc() {
        let Ok(output) = std::process::Command::new("rustc").args(["--print", "cfg"]).output() else {
            return;
        };
        let host = CfgSet::host();
        let version = std::process::Command::new("rustc").arg("-vV").output().unwrap();
        let version = String::from_utf8(version.stdout).unwrap();
        assert_eq!(version.lines().find_map(|l| l.strip_prefix("host: ")), Some(host.triple.as_str()));
        let listed = String::from_utf8(output.stdout).unwrap();
        assert!(listed.lines().count() > 10);
        for line in listed.lines() {
            assert_eq!(
                eval_cfg(line, &host, &BTreeSet::new(), None),
                Some(true),
                "{line} on {}",
                host.triple
            );
        }
    }
}
