//! Functions by path, `collect`, `?` and `.await`.

use super::shapes::{element, is_map, is_pointer, is_sequence, iter, option};
use crate::resolve::types::ty::Ty;

/// What calling a function of `qualifier` (a type or module outside the repository) yields.
pub(in crate::resolve) fn call(qualifier: &str, args: &Ty, name: &str, given: &[Ty], expected: &Ty) -> Ty {
    let first = || given.first().cloned().unwrap_or(Ty::Unknown);
    match (qualifier, name) {
        (_, "Some") => option(first()),
        (_, "None") => expected.clone().or(option(Ty::Unknown)),
        (_, "Ok") => Ty::ext("Result", [first(), expected.arg(1)]),
        (_, "Err") => Ty::ext("Result", [expected.arg(0), first()]),
        ("Rc" | "Arc", "clone") | ("Clone" | "ToOwned", _) => first(),
        ("mem", "take" | "replace") | ("convert", "identity") => first(),
        ("Default", "default") | ("From", "from") | ("Into", "into") | ("FromIterator", _) => {
            expected.clone()
        }
        ("Rc" | "Arc", "downgrade") => Ty::ext("Weak", [first().arg(0)]),
        ("Box" | "Rc" | "Arc", "pin") => Ty::ext(qualifier, [first()]),
        ("Rc" | "Arc", "new_cyclic") => Ty::ext(qualifier, [Ty::Unknown]).or(expected.clone()),
        ("Rc" | "Arc", "get_mut") => option(first().arg(0)),
        ("Rc" | "Arc", "make_mut") => first().arg(0),
        ("Rc" | "Arc", "try_unwrap") => Ty::ext("Result", [first().arg(0), Ty::Unknown]),
        ("iter", "once") => iter(first()),
        ("iter", "repeat" | "repeat_n") => iter(first()),
        ("slice", "from_ref") => Ty::ext("[]", [first()]),
        ("thread", "spawn") => match first() {
            Ty::Fn(fun) => Ty::ext("JoinHandle", [fun.ret.clone()]),
            _ => Ty::Unknown,
        },
        ("mpsc", "channel" | "sync_channel" | "unbounded_channel") => Ty::Unknown,
        (
            "Box" | "Rc" | "Arc" | "Mutex" | "RwLock" | "RefCell" | "Cell" | "Pin" | "Cow" | "UnsafeCell"
            | "ManuallyDrop" | "ReentrantMutex" | "Reverse" | "Wrapping" | "NonNull" | "AtomicRefCell"
            | "AssertUnwindSafe",
            "new" | "from" | "new_unchecked" | "Borrowed" | "Owned" | "const_new" | "Reverse" | "Wrapping",
        ) => Ty::ext(qualifier, [first()]),
        ("OnceCell" | "OnceLock", "new") => Ty::ext(qualifier, [args.arg(0)]).or(expected.clone()),
        ("LazyLock" | "LazyCell" | "Lazy", "new") => match first() {
            Ty::Fn(fun) => Ty::ext(qualifier, [fun.ret.clone()]).or(expected.clone()),
            _ => expected.clone(),
        },
        ("String", _) => Ty::ext("String", []),
        (
            outer,
            "new"
            | "with_capacity"
            | "default"
            | "from_iter"
            | "from"
            | "with_capacity_and_hasher"
            | "from_vec",
        ) if is_sequence(outer) || is_map(outer) => {
            let (own, want) = (args.clone(), expected.clone());
            let from = match name {
                "from_iter" | "from" => {
                    let item = element(&first());
                    if is_map(outer) {
                        Ty::ext(outer, [item.arg(0), item.arg(1)])
                    } else {
                        Ty::ext(outer, [item])
                    }
                }
                _ if is_map(outer) => Ty::ext(outer, [Ty::Unknown, Ty::Unknown]),
                _ => Ty::ext(outer, [Ty::Unknown]),
            };
            // `Vec` without arguments says nothing: they are to be learnt from what is put in.
            let matching = |t: &Ty| matches!(t, Ty::Ext(n, args) if *n == outer && !args.is_empty());
            let known = if matching(&own) { own } else { from };
            if matching(&want) { known.or(want) } else { known }
        }
        (outer, "new" | "default" | "from" | "with_capacity" | "open" | "from_str" | "builder" | "now")
            if outer.starts_with(|c: char| c.is_ascii_uppercase()) =>
        {
            match args {
                Ty::Ext(n, _) if *n == outer => args.clone(),
                _ => Ty::ext(outer, []),
            }
        }
        _ => Ty::Unknown,
    }
}

/// A collection as the context wants it, of elements `t`.
pub(in crate::resolve) fn collected(want: &Ty, t: &Ty) -> Ty {
    let Ty::Ext(name, args) = want else { return want.clone() };
    let outer = name.as_str();
    let filled = match outer {
        _ if is_map(outer) => Ty::ext(outer, [t.arg(0), t.arg(1)]),
        _ if is_sequence(outer) => Ty::ext(outer, [t.clone()]),
        "Result" => {
            let inner = args.first().map_or(Ty::Unknown, |a| collected(a, &t.arg(0)));
            Ty::ext("Result", [inner, t.arg(1)])
        }
        "Option" => option(args.first().map_or(Ty::Unknown, |a| collected(a, &t.arg(0)))),
        "Box" | "Arc" | "Rc" => Ty::ext(outer, [args.first().map_or(Ty::Unknown, |a| collected(a, t))]),
        _ => return want.clone(),
    };
    want.clone().or(filled)
}

/// What `?` takes out of a value.
pub(in crate::resolve) fn tried(ty: &Ty) -> Ty {
    match ty {
        Ty::Ext(name, _)
            if matches!(name.as_str(), "Result" | "Option" | "Lock" | "Poll" | "ControlFlow") =>
        {
            ty.arg(0)
        }
        _ => Ty::Unknown,
    }
}

/// What `.await` takes out of a value.
pub(in crate::resolve) fn awaited(ty: &Ty) -> Ty {
    match ty {
        Ty::Ext(name, args) => match name.as_str() {
            "Future" | "BoxFuture" | "LocalBoxFuture" | "Ready" | "Timeout" => ty.arg(0),
            "Lock" => ty.arg(0),
            "JoinHandle" => Ty::ext("Result", [ty.arg(0), Ty::Unknown]),
            outer if is_pointer(outer) => args.first().map_or(Ty::Unknown, awaited),
            _ => Ty::Unknown,
        },
        Ty::Bounds(bounds) => bounds.iter().find_map(|b| b.binding("Output").cloned()).unwrap_or(Ty::Unknown),
        _ => Ty::Unknown,
    }
}
