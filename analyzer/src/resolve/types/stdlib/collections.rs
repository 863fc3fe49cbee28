//! Methods of sequences, maps, strings, locks and cells.

use super::iterators::of_iterator;
use super::known::{Method, Yields, known};
use super::shapes::{boolean, iter, number, option};
use crate::resolve::types::ty::Ty;

pub(crate) fn of_sequence(ty: &Ty, name: &str) -> Option<Method> {
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

pub(crate) fn ty_is_iter(ty: &Ty) -> bool {
    matches!(ty, Ty::Ext(name, _) if *name == "Iter")
}

pub(crate) fn of_map(ty: &Ty, name: &str) -> Option<Method> {
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

pub(crate) fn of_entry(ty: &Ty, name: &str) -> Option<Method> {
    match name {
        "or_insert" | "or_insert_with" | "or_default" | "or_insert_with_key" | "get" | "get_mut"
        | "into_mut" | "insert" => known(Yields::Type(ty.arg(1)), []),
        "and_modify" => known(Yields::Type(ty.clone()), [ty.arg(1)]),
        "key" => known(Yields::Type(ty.arg(0)), []),
        _ => None,
    }
}

/// Locks: poisoning ones yield a `Result`, others the guard itself; `Lock` stands for either.
pub(crate) fn of_lock(ty: &Ty, name: &str) -> Option<Method> {
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

pub(crate) fn of_cell(ty: &Ty, name: &str) -> Option<Method> {
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

pub(crate) fn of_str(name: &str) -> Option<Method> {
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
