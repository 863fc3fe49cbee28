//! Which types hold others, and what iterating or indexing takes out.

use crate::resolve::types::ty::Ty;

/// Smart pointers and guards: a value of the first argument can be reached through them.
pub(in crate::resolve) fn is_pointer(name: &str) -> bool {
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
            | "Data"
            | "ReqData"
            | "State"
            | "Extension"
            | "Json"
            | "Form"
            | "Query"
            | "Path"
            | "Res"
            | "ResMut"
            | "NonSend"
            | "NonSendMut"
            | "Mut"
            | "Reverse"
            | "Wrapping"
            | "Saturating"
            | "PeekMut"
            | "SyncLazy"
    )
}

/// Pointers of the standard library that always hold something, said or not.
pub(in crate::resolve) fn is_std_pointer(name: &str) -> bool {
    matches!(name, "Box" | "Rc" | "Arc" | "Pin" | "Cow" | "LazyLock" | "LazyCell")
}

pub(in crate::resolve) fn is_map(name: &str) -> bool {
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

pub(in crate::resolve) fn is_sequence(name: &str) -> bool {
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

/// Whether a type is an iterator itself.
pub(in crate::resolve) fn is_iterator(name: &str) -> bool {
    matches!(name, "Iter" | "Drain" | "IntoIter" | "Peekable" | "Iterator" | "Range" | "RangeInclusive")
}

/// Whether a type of the standard library holds data: it can't be called.
pub(in crate::resolve) fn is_data(name: &str) -> bool {
    is_sequence(name)
        || is_map(name)
        || is_iterator(name)
        || matches!(
            name,
            "Option" | "Result" | "String" | "str" | "bool" | "char" | "usize" | "isize" | "Mutex" | "RwLock"
        )
        || name.strip_prefix(['u', 'i', 'f']).is_some_and(|bits| bits.parse::<u8>().is_ok())
}

/// What an owned sequence, text or path dereferences to.
pub(in crate::resolve) fn borrowed(ty: &Ty) -> Option<Ty> {
    let Ty::Ext(name, _) = ty else { return None };
    Some(match name.as_str() {
        "String" => Ty::ext("str", []),
        "PathBuf" => Ty::ext("Path", []),
        "OsString" => Ty::ext("OsStr", []),
        "CString" => Ty::ext("CStr", []),
        "Vec" | "SmallVec" | "ArrayVec" | "ThinVec" | "EcoVec" | "TinyVec" => Ty::ext("[]", [ty.arg(0)]),
        _ => return None,
    })
}

/// What iterating over a value yields.
pub(in crate::resolve) fn element(ty: &Ty) -> Ty {
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

/// Whether a value is a range of places in a sequence.
pub(in crate::resolve) fn is_range(ty: &Ty) -> bool {
    matches!(ty, Ty::Ext(name, _) if name.starts_with("Range"))
}

/// What indexing a value yields.
pub(in crate::resolve) fn index(ty: &Ty, by_range: bool) -> Ty {
    match ty {
        Ty::Ext(name, _) if by_range && is_sequence(name.as_str()) => ty.clone(),
        // Text is indexed by ranges alone.
        Ty::Ext(name, _) if matches!(name.as_str(), "str" | "String") => Ty::ext("str", []),
        Ty::Ext(name, _) if is_map(name.as_str()) => ty.arg(1),
        Ty::Ext(name, _) if is_sequence(name.as_str()) => ty.arg(0),
        Ty::Ext(name, args) if is_pointer(name.as_str()) => {
            args.first().map_or(Ty::Unknown, |t| index(t, by_range))
        }
        _ => Ty::Unknown,
    }
}

pub(in crate::resolve) fn option(ty: Ty) -> Ty {
    Ty::ext("Option", [ty])
}

pub(in crate::resolve) fn iter(ty: Ty) -> Ty {
    Ty::ext("Iter", [ty])
}

pub(in crate::resolve) fn number() -> Ty {
    Ty::ext("usize", [])
}

pub(in crate::resolve) fn boolean() -> Ty {
    Ty::ext("bool", [])
}
