//! Target directories that tests write themselves: what comes out of good ones, and of ones that were spoilt.

use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tempfile::TempDir;

use super::*;
use crate::cost::measured::BuildMode;
use crate::discover::{BuiltOptions, DiscoverOptions, Repository, built_dirs, discover};

/// A workspace of two packages (`base`, and `shop` on top of it, a library with a binary) and packages from elsewhere in its
/// lock file; and a target directory in which times are seconds from a moment.
struct Tree {
    dir: TempDir,
    zero: SystemTime,
}

/// A unit to write: its times, and what it depends on.
struct Spec<'a> {
    package: &'a str,
    file: &'a str,
    number: u64,
    start: f64,
    metadata: Option<f64>,
    end: f64,
    needs: &'a [u64],
}

const EXTERNALS: u64 = 20;

impl Tree {
    /// The moment is whole seconds and a bit from now.
    fn new(from_now: f64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        let zero = UNIX_EPOCH + Duration::from_secs_f64((now + from_now).floor() + 0.004);
        let tree = Self { dir, zero };
        tree.text("Cargo.toml", "[workspace]\nresolver = '3'\nmembers = ['base', 'shop']");
        for package in ["base", "shop"] {
            let needs = if package == "shop" { "base = { path = '../base' }" } else { "" };
            tree.text(
                &format!("{package}/Cargo.toml"),
                &format!("[package]\nname = '{package}'\nversion = '0.1.0'\nedition = '2024'\n[dependencies]\n{needs}"),
            );
            tree.text(&format!("{package}/src/lib.rs"), "");
        }
        tree.text("shop/src/main.rs", "fn main() {}");
        let source = "registry+https://github.com/rust-lang/crates.io-index";
        let external =
            |i: u64| format!("[[package]]\nname = 'e{i}'\nversion = '1.0.{i}'\nsource = '{source}'\n");
        let lock: String = (0..EXTERNALS).map(external).collect();
        let own = "[[package]]\nname = 'base'\nversion = '0.1.0'\n[[package]]\nname = 'shop'\nversion = '0.1.0'\ndependencies = ['base']\n";
        tree.text("Cargo.lock", &format!("version = 4\n{lock}{own}"));
        tree
    }

    /// A whole `dev` build of it: packages from elsewhere two at a time, then the own ones.
    fn built(from_now: f64) -> Self {
        let tree = Self::new(from_now);
        for i in 0..EXTERNALS {
            let start = (i / 2 * 20) as f64;
            tree.unit(&Spec {
                package: &format!("e{i}"),
                file: &format!("lib-e{i}"),
                number: i,
                start,
                metadata: Some(start + 12.0),
                end: start + 20.0,
                needs: if i < 2 { &[] } else { &[0, 1] },
            });
        }
        tree.own(200.0);
        tree
    }

    /// The own packages' units, from a moment on.
    fn own(&self, at: f64) {
        let all: Vec<u64> = (0..EXTERNALS).collect();
        let base = Spec {
            package: "base",
            file: "lib-base",
            number: 100,
            start: at,
            metadata: Some(at + 10.0),
            end: at + 15.0,
            needs: &all,
        };
        self.unit(&base);
        let shop = Spec {
            package: "shop",
            file: "lib-shop",
            number: 101,
            start: at + 10.0,
            metadata: Some(at + 22.0),
            end: at + 25.0,
            needs: &[100, 3],
        };
        self.unit(&shop);
        let bin = Spec {
            package: "shop",
            file: "bin-shop",
            number: 102,
            start: at + 25.0,
            metadata: None,
            end: at + 30.0,
            needs: &[101, 100],
        };
        self.unit(&bin);
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn text(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn file(&self, path: &str, text: &str, at: f64) {
        self.text(path, text);
        self.set(&self.path(path), at);
    }

    fn set(&self, path: &Path, at: f64) {
        let span = Duration::from_secs_f64(at.abs());
        let at = if at < 0.0 { self.zero - span } else { self.zero + span };
        File::options().write(true).open(path).unwrap().set_times(FileTimes::new().set_modified(at)).unwrap();
    }

    fn unit(&self, spec: &Spec<'_>) {
        let hash = format!("{:016x}", spec.number);
        let dir = format!("target/debug/.fingerprint/{}-{hash}", spec.package);
        let krate = spec.file.split_once('-').unwrap().1;
        let needs: Vec<String> = spec.needs.iter().map(|n| format!(r#"[{n},"x",false,{}]"#, n + 1)).collect();
        let json = format!(
            r#"{{"rustc":1,"features":"[\"std\", \"alloc\"]","profile":7,"deps":[{}]}}"#,
            needs.join(",")
        );
        self.file(&format!("{dir}/invoked.timestamp"), "", spec.start);
        self.file(&format!("{dir}/{}.json", spec.file), &json, spec.end);
        let fingerprint = format!("{:016x}", (spec.number + 1).swap_bytes());
        self.file(&format!("{dir}/{}", spec.file), &fingerprint, spec.end);
        if let Some(metadata) = spec.metadata {
            self.file(&format!("target/debug/deps/lib{krate}-{hash}.rmeta"), "", metadata);
            self.file(&format!("target/debug/deps/lib{krate}-{hash}.rlib"), "", spec.end);
        }
    }

    /// A directory of incremental compilation, born now, with a session that began at a moment.
    fn kept(&self, krate: &str, id: &str, session: f64) {
        let at = self.zero + Duration::from_secs_f64(session);
        let micros = at.duration_since(UNIX_EPOCH).unwrap().as_micros();
        let name = format!("target/debug/incremental/{krate}-{id}/s-{}-1x-9z", base36(micros));
        fs::create_dir_all(self.path(&name)).unwrap();
    }

    fn repository(&self) -> Repository {
        discover(self.dir.path(), &DiscoverOptions::default()).unwrap().0
    }

    fn read(&self) -> Built {
        let repository = self.repository();
        built(&built_dirs(&repository, &BuiltOptions::default()), &repository)
    }

    /// All stamped files of the target directory.
    fn files(&self) -> Vec<PathBuf> {
        let mut all = Vec::new();
        let mut open = vec![self.path("target/debug")];
        while let Some(dir) = open.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { open.push(path) } else { all.push(path) }
            }
        }
        all.sort();
        all
    }
}

fn base36(mut number: u128) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap());
        number /= 36;
    }
    digits.iter().rev().collect()
}

/// `mode profile: whole own, known edges of all` and the reasons of refusals with their units.
fn shown(built: &Built) -> String {
    let build = |b: &BuiltCosts| {
        let c = b.counts;
        let mode = b.costs.build.mode;
        format!(
            "{mode:?} {}: {} whole, {} own, {} of {} edges",
            b.place.profile, c.whole, c.own, c.known_edges, c.edges
        )
    };
    let refused = |r: &Refusal| format!("{:?} {}", r.reason, r.units);
    built.builds.iter().map(build).chain(built.refused.iter().map(refused)).collect::<Vec<_>>().join("; ")
}

const ALL: &str = "Build dev: 23 whole, 3 own, 60 of 60 edges";

#[test]
fn a_build_is_read_unit_by_unit() {
    let tree = Tree::built(-1000.0);
    let built = tree.read();
    assert_eq!(shown(&built), ALL);
    let file = &built.builds[0].costs;
    let unit = |package: &str, name: &str| {
        let found = file.units.iter().find(|u| u.package == package && u.title().contains(name));
        found.unwrap_or_else(|| panic!("no {package} {name}"))
    };
    let base = unit("base", "lib");
    assert_eq!((base.start_s, base.metadata_s, base.end_s), (200.0, Some(210.0), Some(215.0)));
    assert_eq!((base.member, base.host, &*base.version), (Some(true), Some(false), "0.1.0"));
    assert_eq!(base.features.as_deref(), Some(&["alloc".to_owned(), "std".to_owned()][..]));
    let needs: Vec<&str> =
        base.dependencies.iter().flatten().map(|d| &*file.units[d.unit as usize].package).collect();
    assert_eq!((needs.len(), needs[0], needs[19]), (20, "e0", "e19"));
    let bin = unit("shop", "bin");
    assert_eq!((bin.metadata_s, bin.duration_s()), (None, Some(5.0)));
    assert!(bin.dependencies.iter().flatten().all(|d| d.artifact == crate::cost::Artifact::All));
    assert_eq!((unit("e7", "lib").member, &*unit("e7", "lib").version), (Some(false), "1.0.7"));
    assert_eq!((file.build.wall_s, file.build.cores), (Some(230.0), Some(2)));
    assert_eq!(file.cost_mode(), Some(crate::cost::Mode::Dev));
}

/// Packages from elsewhere two at a time, the own ones by a later call: whether that ran one at a time shows where one had to wait.
#[test]
fn a_later_call_has_its_own_jobs() {
    for (starts, jobs) in [([500.0, 515.0, 530.0], Some(1)), ([500.0, 510.0, 525.0], None)] {
        let tree = Tree::built(-1000.0);
        let all: Vec<u64> = (0..EXTERNALS).collect();
        let [base, shop, bin] = starts;
        let own =
            Spec { package: "shop", file: "", number: 0, start: 0.0, metadata: None, end: 0.0, needs: &all };
        for spec in [
            Spec {
                package: "base",
                file: "lib-base",
                number: 100,
                start: base,
                metadata: Some(base + 10.0),
                ..own
            },
            Spec {
                file: "lib-shop",
                number: 101,
                start: shop,
                metadata: Some(shop + 12.0),
                needs: &[100, 3],
                ..own
            },
            Spec { file: "bin-shop", number: 102, start: bin, needs: &[101, 100], ..own },
        ] {
            tree.unit(&Spec { end: spec.start + 15.0, ..spec });
        }
        let built = tree.read();
        let file = &built.builds[0].costs;
        let of = |member: bool| {
            let units = file.units.iter().filter(move |unit| unit.member == Some(member));
            units.map(|unit| unit.jobs).collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!((of(true), of(false)), ([jobs].into(), [None].into()), "{starts:?}");
        assert_eq!(file.build.cores, Some(2));
    }
}

#[test]
fn a_check_has_no_phases() {
    let tree = Tree::new(-1000.0);
    for (package, number, start, end) in [("base", 100, 0.0, 4.0), ("shop", 101, 3.5, 9.0)] {
        let needs: &[u64] = if number == 101 { &[100] } else { &[] };
        // Cargo sets the time of what was made back to the start.
        tree.unit(&Spec {
            package,
            file: &format!("lib-{package}"),
            number,
            start,
            metadata: Some(start),
            end,
            needs,
        });
        fs::remove_file(tree.path(&format!("target/debug/deps/lib{package}-{number:016x}.rlib"))).unwrap();
    }
    let built = tree.read();
    assert_eq!(shown(&built), "Check dev: 2 whole, 2 own, 1 of 1 edges");
    let units = &built.builds[0].costs.units;
    assert!(units.iter().all(|unit| unit.metadata_s.is_none()));
    assert_eq!(built.builds[0].costs.cost_mode(), Some(crate::cost::Mode::Check));
}

/// A way to spoil a target directory, by name.
type Spoiling<'a> = (&'a str, &'a dyn Fn(&Tree), &'a str);

#[test]
fn what_was_spoilt_is_refused_or_right() {
    let all_at = |tree: &Tree, at: &dyn Fn(usize) -> f64| {
        for (position, path) in tree.files().iter().enumerate() {
            tree.set(path, at(position));
        }
    };
    let of = |number: u64, package: &str, rest: &str| {
        format!("target/debug/.fingerprint/{package}-{number:016x}/{rest}")
    };
    let remove = |tree: &Tree, path: &str| fs::remove_file(tree.path(path)).unwrap();
    let cases: &[Spoiling<'_>] = &[
        ("nothing", &|_| (), ALL),
        (
            "a copy that kept no times",
            &|t| all_at(t, &|position| position as f64 * 0.0003),
            "EndsBeforeStart 1; NoTime 22",
        ),
        ("all times alike", &|t| all_at(t, &|_| 0.0), "NoTime 23"),
        (
            "times of whole seconds",
            &|t| {
                for path in t.files() {
                    let at = fs::metadata(&path).unwrap().modified().unwrap();
                    let seconds = at.duration_since(UNIX_EPOCH).unwrap().as_secs();
                    let times = FileTimes::new().set_modified(UNIX_EPOCH + Duration::from_secs(seconds));
                    File::options().write(true).open(&path).unwrap().set_times(times).unwrap();
                }
            },
            "Build dev: 22 whole, 2 own, 58 of 58 edges; Coarse 1",
        ),
        (
            "a clock set back",
            &|t| t.set(&t.path(&of(19, "e19", "lib-e19")), 100.0),
            "Build dev: 22 whole, 3 own, 60 of 60 edges; EndsBeforeStart 1",
        ),
        (
            "a clock set forward",
            &|t| t.set(&t.path(&of(102, "shop", "bin-shop")), 90_000.0),
            "Build dev: 22 whole, 2 own, 58 of 58 edges; TooLong 1",
        ),
        (
            "metadata touched",
            &|t| t.set(&t.path("target/debug/deps/libe5-0000000000000005.rmeta"), 500.0),
            "Build dev: 22 whole, 3 own, 60 of 60 edges; MetadataAfterEnd 1",
        ),
        (
            "a start lost",
            &|t| remove(t, &of(5, "e5", "invoked.timestamp")),
            "Build dev: 22 whole, 3 own, 60 of 60 edges; NoStart 1",
        ),
        (
            "a unit that failed since",
            &|t| t.text(&of(100, "base", "lib-base"), ""),
            "Build dev: 22 whole, 2 own, 38 of 40 edges",
        ),
        (
            "a record cut short",
            &|t| t.text(&of(101, "shop", "lib-shop.json"), "{\"rustc\":1,\"fea"),
            "Build dev: 23 whole, 3 own, 58 of 58 edges",
        ),
        ("what was built deleted", &|t| fs::remove_dir_all(t.path("target/debug/deps")).unwrap(), ALL),
        (
            "own units deleted, as caches of CI do",
            &|t| {
                for (number, package) in [(100, "base"), (101, "shop"), (102, "shop")] {
                    fs::remove_dir_all(t.path(&of(number, package, ""))).unwrap();
                }
            },
            "Build dev: 20 whole, 0 own, 36 of 36 edges",
        ),
        (
            "order lost",
            &|t| {
                for i in 0..EXTERNALS {
                    let start = (EXTERNALS - i) as f64 * 10.0;
                    let (package, file) = (format!("e{i}"), format!("lib-e{i}"));
                    t.unit(&Spec {
                        package: &package,
                        file: &file,
                        number: i,
                        start,
                        metadata: Some(start + 12.0),
                        end: start + 20.0,
                        needs: if i < 2 { &[] } else { &[0, 1] },
                    });
                }
            },
            "OutOfOrder 23",
        ),
        (
            "another project's units",
            &|t| {
                t.unit(&Spec {
                    package: "strange",
                    file: "lib-strange",
                    number: 900,
                    start: 0.0,
                    metadata: Some(1.0),
                    end: 2.0,
                    needs: &[],
                });
            },
            ALL,
        ),
        (
            "more at once than processors",
            &|t| {
                for i in 1000..1800 {
                    t.unit(&Spec {
                        package: "e3",
                        file: "lib-e3",
                        number: i,
                        start: 0.0,
                        metadata: Some(30.0),
                        end: 40.0,
                        needs: &[],
                    });
                }
            },
            "TooManyAtOnce 823",
        ),
        (
            "clippy's units",
            &|t| t.file(&of(100, "base", "dep-lib-base"), "\u{0}CLIPPY_ARGS\u{0}", 200.0),
            "Build dev: 22 whole, 2 own, 60 of 60 edges; Clippy 1",
        ),
        (
            "names that cargo doesn't give",
            &|t| {
                t.text("target/debug/.fingerprint/e1-zz/lib-e1.json", "{}");
                t.text("target/debug/.fingerprint/noise", "");
                t.text("target/debug/.fingerprint/e1-0123456789abcdef/lib-e1.json/x", "");
            },
            ALL,
        ),
    ];
    let mut wrong = Vec::new();
    for (name, spoil, expected) in cases {
        let tree = Tree::built(-1000.0);
        spoil(&tree);
        let found = shown(&tree.read());
        if found != *expected {
            wrong.push(format!("{name}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rebuild_is_an_edit_and_no_sample_of_a_whole_compilation() {
    // Directories of incremental compilation are born now, and files may be of the time after: the own units are built half a
    // second before now, or are built again an hour later.
    for (own_at, whole, edits) in [(-0.5, 3, 0), (3600.0, 0, 1)] {
        let tree = Tree::built(-1000.0);
        let now = SystemTime::now().duration_since(tree.zero).unwrap().as_secs_f64();
        let at = now + own_at;
        let unit = |package: &str, file: &str, number: u64, start: f64, end: f64, needs: &[u64]| {
            let metadata = (file != "bin-shop").then_some(start + 0.05);
            tree.unit(&Spec { package, file, number, start, metadata, end, needs });
        };
        unit("base", "lib-base", 100, at, at + 20.0, &[0, 19]);
        unit("shop", "lib-shop", 101, at + 0.1, at + 25.0, &[100]);
        unit("shop", "bin-shop", 102, at + 0.2, at + 30.0, &[3]);
        for (krate, id, start) in [("base", "0a", 0.0), ("shop", "0b", 0.1), ("shop", "0c", 0.2)] {
            tree.kept(krate, id, at + start + 0.02);
        }
        if tree.path("target/debug/incremental").metadata().unwrap().created().is_err() {
            return;
        }
        let built = tree.read();
        let own: u64 = built.builds.iter().map(|build| build.counts.own).sum();
        assert_eq!((own, built.edits.len()), (whole, edits), "{own_at}: {}", shown(&built));
        for edit in &built.edits {
            assert!(edit.complete);
            assert_eq!(
                (edit.costs.build.mode, edit.costs.build.wall_s.map(f64::round)),
                (BuildMode::Build, Some(30.0))
            );
            let edited: Vec<String> =
                edit.edited.iter().map(|&at| edit.costs.units[at as usize].title()).collect();
            assert_eq!(edited, ["base 0.1.0 (lib)", "shop 0.1.0 (bin shop)"]);
        }
    }
}

#[test]
fn tests_profiles_and_other_targets_are_files_of_their_own() {
    let tree = Tree::built(-1000.0);
    tree.unit(&Spec {
        package: "base",
        file: "test-lib-base",
        number: 200,
        start: 300.0,
        metadata: None,
        end: 320.0,
        needs: &(0..EXTERNALS).collect::<Vec<_>>(),
    });
    copy(&tree.path("target/debug"), &tree.path("target/dist"));
    copy(&tree.path("target/debug"), &tree.path("target/wasm32-unknown-unknown/release"));
    let repository = tree.repository();
    let built = built(&built_dirs(&repository, &BuiltOptions::default()), &repository);
    let mut all: Vec<String> = built
        .builds
        .iter()
        .map(|b| {
            format!(
                "{:?} {} {} {}",
                b.costs.build.mode,
                b.place.profile,
                b.place.triple.as_deref().unwrap_or("-"),
                b.counts.whole
            )
        })
        .collect();
    all.sort();
    assert_eq!(
        all,
        [
            "Build dev - 23",
            "Build dist - 23",
            "Build release wasm32-unknown-unknown 23",
            "Test dev - 21",
            "Test dist - 21",
            "Test release wasm32-unknown-unknown 21"
        ]
    );
    // Of several directories of a profile that are as good the host's own.
    assert_eq!(built.best(&repository).len(), 4);
}

/// With its times.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            let times = FileTimes::new().set_modified(entry.metadata().unwrap().modified().unwrap());
            File::options().write(true).open(&target).unwrap().set_times(times).unwrap();
        }
    }
}
