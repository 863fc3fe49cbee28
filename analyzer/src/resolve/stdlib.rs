//! What the standard library's types do to the types inside them: the part of `std` that names pass through.
//!
//! Only shapes are listed (which argument comes out, what a closure is given); anything else is unknown, which costs
//! an edge and never invents one. From <https://doc.rust-lang.org/std/>.

use super::ty::Ty;

/// Smart pointers and guards: a value of the first argument can be reached through them.
pub(super) fn is_pointer(name: &str) -> bool {
    matches!(
        name,
        "Box"
            | "Rc"
            | "Arc"
            | "Pin"
            | "Cow"
            | "MutexGuard"
            | "RwLockReadGuard"
            | "RwLockWriteGuard"
            | "Ref"
            | "RefMut"
            | "ManuallyDrop"
            | "LazyLock"
            | "LazyCell"
            | "Lazy"
            | "NonNull"
            | "OwnedMutexGuard"
            | "OwnedRwLockReadGuard"
            | "OwnedRwLockWriteGuard"
            | "MappedMutexGuard"
            | "CachePadded"
            | "AssertUnwindSafe"
            | "Reverse"
            | "Wrapping"
            | "Saturating"
            | "PeekMut"
            | "SyncLazy"
    )
}

fn is_map(name: &str) -> bool {
    matches!(
        name,
        "HashMap"
            | "BTreeMap"
            | "IndexMap"
            | "FxHashMap"
            | "AHashMap"
            | "DashMap"
            | "FnvHashMap"
            | "LruCache"
    )
}

fn is_sequence(name: &str) -> bool {
    matches!(
        name,
        "Vec"
            | "[]"
            | "VecDeque"
            | "LinkedList"
            | "BinaryHeap"
            | "HashSet"
            | "BTreeSet"
            | "IndexSet"
            | "FxHashSet"
            | "AHashSet"
            | "SmallVec"
            | "ArrayVec"
            | "ThinVec"
            | "Iter"
            | "EcoVec"
            | "TinyVec"
    )
}

/// What iterating over a value yields.
pub(super) fn element(ty: &Ty) -> Ty {
    match ty {
        Ty::Ext(name, args) => {
            let name = name.as_str();
            if is_map(name) {
                return Ty::Tuple([ty.arg(0), ty.arg(1)].into());
            }
            if is_sequence(name)
                || matches!(
                    name,
                    "Option"
                        | "Result"
                        | "Receiver"
                        | "UnboundedReceiver"
                        | "Range"
                        | "RangeInclusive"
                        | "Drain"
                        | "IntoIter"
                        | "Peekable"
                )
            {
                return ty.arg(0);
            }
            if is_pointer(name)
                && let Some(inner) = args.first()
            {
                return element(inner);
            }
            Ty::Unknown
        }
        Ty::Bounds(bounds) => bounds.iter().find_map(|b| b.binding("Item").cloned()).unwrap_or(Ty::Unknown),
        _ => Ty::Unknown,
    }
}

/// What indexing a value yields.
pub(super) fn index(ty: &Ty, by_range: bool) -> Ty {
    match ty {
        Ty::Ext(name, _) if by_range && is_sequence(name.as_str()) => ty.clone(),
        Ty::Ext(name, _) if is_map(name.as_str()) => ty.arg(1),
        Ty::Ext(name, _) if is_sequence(name.as_str()) => ty.arg(0),
        Ty::Ext(name, args) if is_pointer(name.as_str()) => {
            args.first().map_or(Ty::Unknown, |t| index(t, by_range))
        }
        _ => Ty::Unknown,
    }
}

/// What a method call yields.
pub(super) enum Yields {
    /// A type.
    Type(Ty),
    /// What the closure returns.
    Closure,
    /// What the closure returns, inside `outer` at position 0 or 1 beside `other`.
    Inside { outer: &'static str, at: usize, other: Ty },
    /// An iterator over what the closure's result iterates over.
    Flattened,
    /// The first argument's type.
    Argument,
    /// An iterator over pairs with the argument's elements.
    Zip(Ty),
    /// A collection of these, as the context wants it.
    Collect(Ty),
    /// What the context wants.
    Expected,
}

/// A known method.
pub(super) struct Method {
    /// What a closure argument is given.
    pub(super) closure: Vec<Ty>,
    /// What the call yields.
    pub(super) yields: Yields,
    /// Which argument of the receiver the first plain argument tells (`v.push(x)`).
    pub(super) teaches: Option<usize>,
}

fn known(yields: Yields, closure: impl Into<Vec<Ty>>) -> Option<Method> {
    Some(Method { closure: closure.into(), yields, teaches: None })
}

fn option(ty: Ty) -> Ty {
    Ty::ext("Option", [ty])
}

fn iter(ty: Ty) -> Ty {
    Ty::ext("Iter", [ty])
}

fn number() -> Ty {
    Ty::ext("usize", [])
}

fn boolean() -> Ty {
    Ty::ext("bool", [])
}

/// A method of a type outside the repository.
pub(super) fn method(ty: &Ty, name: &str) -> Option<Method> {
    let Ty::Ext(outer, _) = ty else { return None };
    let outer = outer.as_str();
    let specific = match outer {
        "Option" => of_option(ty, name),
        "Result" => of_result(ty, name),
        "Iter" => of_iterator(&ty.arg(0), name),
        "Mutex" | "RwLock" | "FairMutex" | "ReentrantMutex" => of_lock(ty, name),
        "RefCell" | "Cell" | "OnceCell" | "OnceLock" | "UnsafeCell" | "ArcSwap" | "AtomicRefCell" => {
            of_cell(ty, name)
        }
        "Entry" => of_entry(ty, name),
        "Weak" if name == "upgrade" => known(Yields::Type(option(ty.arg(0))), []),
        "LocalKey" if name == "with" || name == "with_borrow" || name == "with_borrow_mut" => {
            known(Yields::Closure, [ty.arg(0)])
        }
        "bool" => match name {
            "then" => known(Yields::Inside { outer: "Option", at: 0, other: Ty::Unknown }, []),
            "then_some" => known(Yields::Inside { outer: "OptionArg", at: 0, other: Ty::Unknown }, []),
            _ => None,
        },
        "Sender" | "UnboundedSender" | "SyncSender" => None,
        "Receiver" | "UnboundedReceiver" => match name {
            "recv" | "try_recv" | "recv_timeout" | "blocking_recv" => {
                known(Yields::Type(Ty::ext("Lock", [ty.arg(0)])), [])
            }
            "iter" | "into_iter" | "try_iter" => known(Yields::Type(iter(ty.arg(0))), []),
            _ => None,
        },
        "JoinHandle" if name == "join" => {
            known(Yields::Type(Ty::ext("Result", [ty.arg(0), Ty::Unknown])), [])
        }
        "Lock" => match name {
            "unwrap" | "expect" | "unwrap_or_else" | "ok" | "unwrap_or_default" => {
                known(Yields::Type(ty.arg(0)), [])
            }
            _ => None,
        },
        _ if is_map(outer) => of_map(ty, name),
        _ if is_sequence(outer) => of_sequence(ty, name),
        _ if is_pointer(outer) => match name {
            "clone" | "to_owned" | "as_pin_mut" => known(Yields::Type(ty.clone()), []),
            "as_ref" | "as_mut" | "deref" | "deref_mut" | "get_mut" | "into_inner" | "borrow"
            | "borrow_mut" | "into_owned" | "to_mut" => known(Yields::Type(ty.arg(0)), []),
            _ => None,
        },
        "str" | "String" => of_str(name),
        _ => None,
    };
    specific.or_else(|| of_any(ty, name))
}

/// Methods that almost everything has.
fn of_any(ty: &Ty, name: &str) -> Option<Method> {
    match name {
        "clone" | "to_owned" | "borrow" | "borrow_mut" | "as_ref" | "as_mut" | "by_ref" => {
            known(Yields::Type(ty.clone()), [])
        }
        "to_string" => known(Yields::Type(Ty::ext("String", [])), []),
        "into" | "try_into" => known(Yields::Expected, []),
        "len" | "capacity" | "count_ones" | "hash" => known(Yields::Type(number()), []),
        "is_empty" | "eq" | "ne" | "contains" | "starts_with" | "ends_with" => {
            known(Yields::Type(boolean()), [])
        }
        _ => None,
    }
}

fn of_option(ty: &Ty, name: &str) -> Option<Method> {
    let t = ty.arg(0);
    match name {
        "unwrap"
        | "expect"
        | "unwrap_or"
        | "unwrap_or_default"
        | "unwrap_unchecked"
        | "insert"
        | "get_or_insert"
        | "unwrap_or_else"
        | "get_or_insert_with"
        | "get_or_insert_default" => known(Yields::Type(t), []),
        "as_ref" | "as_mut" | "cloned" | "copied" | "take" | "replace" | "or" | "or_else" | "xor"
        | "clone" | "as_pin_mut" => known(Yields::Type(ty.clone()), []),
        "filter" | "inspect" | "take_if" => known(Yields::Type(ty.clone()), [t]),
        "as_deref" | "as_deref_mut" => known(
            Yields::Type(option(match &t {
                Ty::Ext(name, args) if is_pointer(name.as_str()) && !args.is_empty() => args[0].clone(),
                _ => t,
            })),
            [],
        ),
        "map" => known(Yields::Inside { outer: "Option", at: 0, other: Ty::Unknown }, [t]),
        "and_then" => known(Yields::Closure, [t]),
        "map_or" | "map_or_else" => known(Yields::Closure, [t]),
        "is_some_and" | "is_none_or" => known(Yields::Type(boolean()), [t]),
        "ok_or" | "ok_or_else" => known(Yields::Type(Ty::ext("Result", [t, Ty::Unknown])), []),
        "and" => known(Yields::Argument, []),
        "zip" => known(Yields::Type(option(Ty::Tuple([t, Ty::Unknown].into()))), []),
        "iter" | "iter_mut" | "into_iter" => known(Yields::Type(iter(t)), []),
        "flatten" => known(Yields::Type(t), []),
        "transpose" => known(Yields::Type(Ty::ext("Result", [option(t.arg(0)), t.arg(1)])), []),
        _ => None,
    }
}

fn of_result(ty: &Ty, name: &str) -> Option<Method> {
    let (t, e) = (ty.arg(0), ty.arg(1));
    match name {
        "unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" | "into_ok" => known(Yields::Type(t), []),
        "unwrap_or_else" => known(Yields::Type(t), [e]),
        "unwrap_err" | "expect_err" => known(Yields::Type(e), []),
        "ok" => known(Yields::Type(option(t)), []),
        "err" => known(Yields::Type(option(e)), []),
        "as_ref" | "as_mut" | "cloned" | "copied" | "or" | "clone" => known(Yields::Type(ty.clone()), []),
        "context" | "with_context" | "wrap_err" | "wrap_err_with" => {
            known(Yields::Type(Ty::ext("Result", [t, Ty::Unknown])), [])
        }
        "inspect" => known(Yields::Type(ty.clone()), [t]),
        "inspect_err" => known(Yields::Type(ty.clone()), [e]),
        "as_deref" | "as_deref_mut" => known(Yields::Type(Ty::ext("Result", [t, e])), []),
        "map" => known(Yields::Inside { outer: "Result", at: 0, other: e }, [t]),
        "map_err" => known(Yields::Inside { outer: "Result", at: 1, other: t }, [e]),
        "and_then" => known(Yields::Closure, [t]),
        "or_else" => known(Yields::Closure, [e]),
        "map_or" | "map_or_else" => known(Yields::Closure, [t]),
        "is_ok_and" => known(Yields::Type(boolean()), [t]),
        "is_err_and" => known(Yields::Type(boolean()), [e]),
        "iter" | "into_iter" => known(Yields::Type(iter(t)), []),
        "transpose" => known(Yields::Type(option(Ty::ext("Result", [t.arg(0), e]))), []),
        "flatten" => known(Yields::Type(t), []),
        _ => None,
    }
}

/// Adaptors and consumers of iterators over `t`.
pub(super) fn of_iterator(t: &Ty, name: &str) -> Option<Method> {
    let (t, same) = (t.clone(), iter(t.clone()));
    match name {
        "iter" | "iter_mut" | "into_iter" | "by_ref" | "rev" | "skip" | "take" | "step_by" | "chain"
        | "cycle" | "fuse" | "peekable" | "cloned" | "copied" | "par_iter" | "into_par_iter" | "sorted"
        | "dedup" | "unique" | "clone" | "intersperse" | "into_iter_sorted" | "par_bridge" => {
            known(Yields::Type(same), [])
        }
        "filter"
        | "skip_while"
        | "take_while"
        | "inspect"
        | "sorted_by_key"
        | "unique_by"
        | "sorted_by_cached_key" => known(Yields::Type(same), [t]),
        "sorted_by" | "dedup_by" => known(Yields::Type(same), [t.clone(), t]),
        "map" | "map_with" | "map_init" => {
            known(Yields::Inside { outer: "Iter", at: 0, other: Ty::Unknown }, [t])
        }
        "filter_map" | "flat_map" | "map_while" => known(Yields::Flattened, [t]),
        "flatten" => known(Yields::Type(iter(element(&t))), []),
        "enumerate" => known(Yields::Type(iter(Ty::Tuple([number(), t].into()))), []),
        "zip" => known(Yields::Zip(t), []),
        "zip_eq" => known(Yields::Zip(t), []),
        "tuple_windows" => known(Yields::Type(iter(Ty::Tuple([t.clone(), t].into()))), []),
        "windows" | "chunks" | "array_chunks" => known(Yields::Type(iter(Ty::ext("[]", [t]))), []),
        "next" | "last" | "nth" | "min" | "max" | "peek" | "peek_mut" | "next_back" | "nth_back"
        | "find_any" => known(Yields::Type(option(t)), []),
        "find" | "max_by_key" | "min_by_key" | "rfind" | "next_if" | "find_first" => {
            known(Yields::Type(option(t.clone())), [t])
        }
        "max_by" | "min_by" | "reduce" => known(Yields::Type(option(t.clone())), [t.clone(), t]),
        "find_map" => known(Yields::Closure, [t]),
        "for_each" | "try_for_each" => known(Yields::Type(Ty::unit()), [t]),
        "any" | "all" => known(Yields::Type(boolean()), [t]),
        "position" | "rposition" => known(Yields::Type(option(number())), [t]),
        "fold" | "try_fold" => known(Yields::Argument, [Ty::Unknown, t]),
        "scan" => known(Yields::Flattened, [Ty::Unknown, t]),
        "partition" => known(Yields::Expected, [t]),
        "collect" | "collect_vec" | "try_collect" => known(Yields::Collect(t), []),
        "count" => known(Yields::Type(number()), []),
        "sum" | "product" => known(Yields::Expected, []),
        "unzip" => known(
            Yields::Type(Ty::Tuple([Ty::ext("Vec", [t.arg(0)]), Ty::ext("Vec", [t.arg(1)])].into())),
            [],
        ),
        _ => None,
    }
}

fn of_sequence(ty: &Ty, name: &str) -> Option<Method> {
    let t = ty.arg(0);
    let teaches = |mut m: Option<Method>| {
        if let Some(m) = &mut m {
            m.teaches = Some(0);
        }
        m
    };
    match name {
        "iter"
        | "iter_mut"
        | "into_iter"
        | "drain"
        | "par_iter"
        | "into_par_iter"
        | "par_iter_mut"
        | "union"
        | "intersection"
        | "difference"
        | "symmetric_difference"
        | "range"
        | "splice" => known(Yields::Type(iter(t)), []),
        "first" | "last" | "first_mut" | "last_mut" | "pop" | "front" | "back" | "front_mut" | "back_mut"
        | "pop_front" | "pop_back" | "peek" | "get" | "get_mut" | "pop_first" | "pop_last" | "pop_if" => {
            known(Yields::Type(option(t)), [])
        }
        "swap_remove" | "get_unchecked" | "get_unchecked_mut" => known(Yields::Type(t), []),
        "remove" if ty == &Ty::ext("Vec", [t.clone()]) => known(Yields::Type(t), []),
        "remove" | "take" => known(Yields::Type(option(t)), []),
        "push" | "push_back" | "push_front" => teaches(known(Yields::Type(Ty::unit()), [])),
        "insert" => teaches(known(Yields::Type(boolean()), [])),
        "windows" | "chunks" | "chunks_exact" | "chunks_mut" | "rchunks" => {
            known(Yields::Type(iter(Ty::ext("[]", [t]))), [])
        }
        "split_first" | "split_last" => {
            known(Yields::Type(option(Ty::Tuple([t.clone(), Ty::ext("[]", [t])].into()))), [])
        }
        "split_at" | "split_at_mut" => {
            let slice = Ty::ext("[]", [t]);
            known(Yields::Type(Ty::Tuple([slice.clone(), slice].into())), [])
        }
        "retain"
        | "retain_mut"
        | "sort_by_key"
        | "sort_by_cached_key"
        | "sort_unstable_by_key"
        | "dedup_by_key"
        | "binary_search_by"
        | "partition_point"
        | "for_each"
        | "binary_search_by_key" => known(Yields::Type(Ty::Unknown), [t]),
        "sort_by" | "sort_unstable_by" | "dedup_by" => known(Yields::Type(Ty::unit()), [t.clone(), t]),
        "split" | "splitn" | "split_inclusive" => known(Yields::Type(iter(Ty::ext("[]", [t.clone()]))), [t]),
        "as_slice" | "as_mut_slice" | "to_vec" | "clone" | "into_boxed_slice" | "into_vec" | "as_ref"
        | "as_mut" | "split_off" | "to_owned" | "deref" | "by_ref" | "into_sorted_vec" => {
            known(Yields::Type(ty.clone()), [])
        }
        "concat" | "join" => known(Yields::Type(t), []),
        "extract_if" | "drain_filter" => known(Yields::Type(iter(t.clone())), [t]),
        _ => of_iterator(&t, name).filter(|_| ty_is_iter(ty)),
    }
}

fn ty_is_iter(ty: &Ty) -> bool {
    matches!(ty, Ty::Ext(name, _) if *name == "Iter")
}

fn of_map(ty: &Ty, name: &str) -> Option<Method> {
    let (k, v) = (ty.arg(0), ty.arg(1));
    let pair = || Ty::Tuple([k.clone(), v.clone()].into());
    match name {
        "get" | "get_mut" | "remove" | "shift_remove" | "swap_remove" => known(Yields::Type(option(v)), []),
        "insert" => Some(Method { closure: vec![], yields: Yields::Type(option(v)), teaches: Some(0) }),
        "entry" => known(Yields::Type(Ty::ext("Entry", [k, v])), []),
        "keys" | "into_keys" => known(Yields::Type(iter(k)), []),
        "values" | "values_mut" | "into_values" => known(Yields::Type(iter(v)), []),
        "iter" | "iter_mut" | "into_iter" | "drain" | "range" | "range_mut" | "par_iter" => {
            known(Yields::Type(iter(pair())), [])
        }
        "first_key_value" | "last_key_value" | "pop_first" | "pop_last" | "get_key_value"
        | "remove_entry" | "get_index" | "first" | "last" | "pop" => known(Yields::Type(option(pair())), []),
        "get_or_insert_with" => known(Yields::Type(v), []),
        "retain" => known(Yields::Type(Ty::unit()), [k, v]),
        "contains_key" => known(Yields::Type(boolean()), []),
        "clone" => known(Yields::Type(ty.clone()), []),
        _ => None,
    }
}

fn of_entry(ty: &Ty, name: &str) -> Option<Method> {
    match name {
        "or_insert" | "or_insert_with" | "or_default" | "or_insert_with_key" | "get" | "get_mut"
        | "into_mut" | "insert" => known(Yields::Type(ty.arg(1)), []),
        "and_modify" => known(Yields::Type(ty.clone()), [ty.arg(1)]),
        "key" => known(Yields::Type(ty.arg(0)), []),
        _ => None,
    }
}

/// Locks: poisoning ones yield a `Result`, others the guard itself; `Lock` stands for either.
fn of_lock(ty: &Ty, name: &str) -> Option<Method> {
    let guard = || Ty::ext("Lock", [ty.arg(0)]);
    match name {
        "lock" | "read" | "write" | "blocking_lock" | "blocking_read" | "blocking_write"
        | "upgradable_read" | "lock_owned" | "read_owned" | "write_owned" => known(Yields::Type(guard()), []),
        "try_lock" | "try_read" | "try_write" => {
            known(Yields::Type(Ty::ext("Result", [guard(), Ty::Unknown])), [])
        }
        "get_mut" | "into_inner" => known(Yields::Type(guard()), []),
        _ => None,
    }
}

fn of_cell(ty: &Ty, name: &str) -> Option<Method> {
    let t = ty.arg(0);
    match name {
        "borrow" | "borrow_mut" | "get_mut" | "take" | "replace" | "into_inner" | "load" | "load_full" => {
            known(Yields::Type(t), [])
        }
        "get" if matches!(ty, Ty::Ext(n, _) if n.as_str().starts_with("Once")) => {
            known(Yields::Type(option(t)), [])
        }
        "get" | "get_or_init" | "get_or_try_init" => known(Yields::Type(t), []),
        "set" => known(Yields::Type(Ty::ext("Result", [Ty::unit(), t])), []),
        _ => None,
    }
}

fn of_str(name: &str) -> Option<Method> {
    let text = || Ty::ext("str", []);
    match name {
        "chars" => known(Yields::Type(iter(Ty::ext("char", []))), []),
        "bytes" => known(Yields::Type(iter(Ty::ext("u8", []))), []),
        "char_indices" => known(Yields::Type(iter(Ty::Tuple([number(), Ty::ext("char", [])].into()))), []),
        "lines"
        | "split"
        | "split_whitespace"
        | "splitn"
        | "rsplit"
        | "rsplitn"
        | "split_terminator"
        | "split_ascii_whitespace"
        | "matches"
        | "split_inclusive" => known(Yields::Type(iter(text())), []),
        "trim" | "trim_start" | "trim_end" | "as_str" | "trim_matches" | "trim_start_matches"
        | "trim_end_matches" | "to_lowercase" | "to_uppercase" | "replace" | "repeat"
        | "to_ascii_lowercase" | "to_ascii_uppercase" | "replacen" | "as_mut_str" => {
            known(Yields::Type(text()), [])
        }
        "strip_prefix" | "strip_suffix" | "get" => known(Yields::Type(option(text())), []),
        "find" | "rfind" => known(Yields::Type(option(number())), []),
        "split_once" | "rsplit_once" => known(Yields::Type(option(Ty::Tuple([text(), text()].into()))), []),
        "as_bytes" | "into_bytes" => known(Yields::Type(Ty::ext("[]", [Ty::ext("u8", [])])), []),
        "parse" => known(Yields::Collect(Ty::Unknown), []),
        _ => None,
    }
}

/// What calling a function of `qualifier` (a type or module outside the repository) yields.
pub(super) fn call(qualifier: &str, args: &Ty, name: &str, given: &[Ty], expected: &Ty) -> Ty {
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
pub(super) fn collected(want: &Ty, t: &Ty) -> Ty {
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
pub(super) fn tried(ty: &Ty) -> Ty {
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
pub(super) fn awaited(ty: &Ty) -> Ty {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_and_shapes() {
        let t = || Ty::ext("char", []);
        for (ty, want) in [
            (Ty::ext("Vec", [t()]), t()),
            (Ty::ext("HashMap", [number(), t()]), Ty::Tuple([number(), t()].into())),
            (Ty::ext("Arc", [Ty::ext("Vec", [t()])]), t()),
            (Ty::ext("Instant", []), Ty::Unknown),
        ] {
            assert_eq!(element(&ty), want, "{ty:?}");
        }
        assert_eq!(collected(&Ty::ext("Vec", [Ty::Unknown]), &t()), Ty::ext("Vec", [t()]));
        assert_eq!(tried(&Ty::ext("Result", [t(), Ty::Unknown])), t());
    }

    #[test]
    fn calls_fill_in_what_the_context_wants() {
        let vec = Ty::ext("Vec", [Ty::ext("u8", [])]);
        assert_eq!(call("Vec", &Ty::Unknown, "new", &[], &vec), vec);
        assert_eq!(
            call("Arc", &Ty::Unknown, "new", std::slice::from_ref(&vec), &Ty::Unknown),
            Ty::ext("Arc", [vec])
        );
    }
}
