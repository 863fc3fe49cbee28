//! What the standard library's types do to the types inside them: the part of `std` that names pass through.
//!
//! Only shapes are listed (which argument comes out, what a closure is given); anything else is unknown, which costs
//! an edge and never invents one. From <https://doc.rust-lang.org/std/>.

mod calls;
mod collections;
mod iterators;
mod known;
mod methods;
mod shapes;

pub(in crate::resolve) use calls::{awaited, call, collected, tried};
pub(in crate::resolve) use iterators::of_iterator;
pub(in crate::resolve) use known::{Method, Yields};
pub(in crate::resolve) use methods::method;
pub(in crate::resolve) use shapes::{
    borrowed, element, index, is_data, is_iterator, is_map, is_pointer, is_range, is_std_pointer,
};

#[cfg(test)]
mod tests {
    use super::shapes::number;
    use super::*;
    use crate::resolve::types::ty::Ty;

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
