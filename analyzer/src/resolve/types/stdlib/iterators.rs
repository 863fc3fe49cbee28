//! Methods of iterators.

use super::known::{Method, Yields, known};
use super::shapes::{boolean, element, iter, number, option};
use crate::resolve::types::ty::Ty;

/// Adaptors and consumers of iterators over `t`.
pub(in crate::resolve) fn of_iterator(t: &Ty, name: &str) -> Option<Method> {
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
