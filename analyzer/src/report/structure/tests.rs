//! Orders and cycles of small codes.

use super::*;

/// `a>b a>c c>a*3`: modules by letters, who needs whom and how often.
fn code(text: &'static str) -> Code<'static> {
    let needs: Vec<(&str, &str, u32)> = text
        .split_whitespace()
        .map(|need| {
            let (need, times) = need.split_once('*').unwrap_or((need, "1"));
            let (from, to) = need.split_once('>').unwrap();
            (from, to, times.parse().unwrap())
        })
        .collect();
    let mut names: Vec<&str> = needs.iter().flat_map(|&(from, to, _)| [from, to]).collect();
    names.sort_unstable();
    names.dedup();
    let place = |name: &str| names.iter().position(|other| *other == name).unwrap() as u32;
    let module =
        |&path: &&'static str| CodeModule { path, package: "p", file: "src/lib.rs", lines: 10, krate: 0 };
    let crossing = |&(from, to, references): &(&'static str, &'static str, u32)| Crossing {
        from_module: place(from),
        to_module: place(to),
        from,
        to,
        file: "src/lib.rs",
        line: 1,
        references,
    };
    let mut crossings: Vec<Crossing<'_>> = needs.iter().map(crossing).collect();
    crossings.sort_unstable();
    Code { modules: names.iter().map(module).collect(), crossings, ..Code::default() }
}

fn back(code: &Code<'_>, written: &[&str]) -> String {
    let written: Vec<String> = written.iter().map(|&path| path.to_owned()).collect();
    let order = module_order(code, &written);
    let against = code.crossings.iter().filter(|c| order.is_back(c.from_module, c.to_module));
    against.map(|c| format!("{}>{}", c.from, c.to)).collect::<Vec<_>>().join(" ")
}

#[test]
fn fewest_references_run_back() {
    for (text, expected) in [
        ("a>b b>c a>c", ""),
        ("a>b*5 b>a", "b>a"),
        ("a>b b>a*5", "a>b"),
        ("a>b*3 b>c*3 c>a", "c>a"),
        ("a>b*3 b>a c>d d>c*3 a>c", "b>a c>d"),
    ] {
        assert_eq!(back(&code(text), &[]), expected, "{text}");
    }
}

#[test]
fn a_written_order_is_kept() {
    // Of `a` and `b` the one that the order has first needs the other, however few references that are.
    assert_eq!(back(&code("a>b b>a*5"), &["a", "b"]), "b>a");
    assert_eq!(back(&code("a>b b>a*5"), &["b", "a"]), "a>b");
    // What closes no cycle is nobody's debt, whatever the order.
    assert_eq!(back(&code("a>b b>c"), &["c", "b", "a"]), "");
    // A new reference is the one that runs back, not an old one that is part of the new cycle.
    assert_eq!(back(&code("a>b b>c c>a*9"), &["a", "b", "c"]), "c>a");
    // A new module goes where fewest references run against it.
    assert_eq!(back(&code("a>b b>c n>b*2 c>n"), &["a", "b", "c"]), "c>n");
    assert_eq!(back(&code("a>b b>n n>a"), &["a", "b", "gone"]), "n>a");
}

/// The root of a program has the path of its library's.
#[test]
fn modules_of_one_path_are_told_apart() {
    let lib = code("a>b*5 b>a c>a");
    let mut both = lib.clone();
    // The program's `a` needs the library's modules.
    both.modules.push(CodeModule { file: "src/main.rs", krate: 1, ..lib.modules[0] });
    both.crossings.push(Crossing { from_module: 3, to_module: 1, ..lib.crossings[0] });
    both.crossings.sort_unstable();
    let names = module_names(&both);
    assert_eq!(names, ["a (src/lib.rs)", "b", "c", "a (src/main.rs)"]);
    let order = module_order(&both, &[]);
    for rotated in 0..4 {
        let mut written: Vec<String> = order.modules.iter().map(|&at| names[at as usize].clone()).collect();
        written.rotate_left(rotated);
        let again = module_order(&both, &written);
        let kept: Vec<String> = again.modules.iter().map(|&at| names[at as usize].clone()).collect();
        assert_eq!(kept, written);
    }
}

#[test]
fn a_report_has_cycles_with_what_closes_them() {
    let structure = StructureReport::new(&code("a>b*4 b>c*4 c>a x>y*2 y>x x>a"));
    let paths: Vec<&str> = structure.modules.iter().map(|module| module.path.as_str()).collect();
    assert_eq!(paths, ["a", "b", "c", "x", "y"]);
    assert_eq!(structure.modules[3].needs, [0, 4]);
    let cycles: Vec<(usize, u64, String)> = structure
        .cycles
        .iter()
        .map(|cycle| {
            let edge = &cycle.back_edges[0];
            assert_eq!(cycle.back_edges.len(), 1);
            (cycle.modules.len(), cycle.references, format!("{}>{}", edge.from, edge.to))
        })
        .collect();
    assert_eq!(cycles, [(3, 9, "c>a".to_owned()), (2, 3, "y>x".to_owned())]);
}
