//! Methods of options, results and what wraps one value.

use super::collections::{of_cell, of_entry, of_lock, of_map, of_sequence, of_str};
use super::iterators::of_iterator;
use super::known::{Method, Yields, known};
use super::shapes::{boolean, is_map, is_pointer, is_sequence, iter, number, option};
use crate::resolve::types::ty::Ty;

/// A method of a type outside the repository.
pub(in crate::resolve) fn method(ty: &Ty, name: &str) -> Option<Method> {
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
