//! Traits and types from outside the repository.

use super::check;

#[test]
fn a_call_of_an_outside_trait_reaches_the_impl_for_what_is_wanted() {
    check(
        r"
struct S;
impl Default for S { fn default() -> S { S } }
fn g(s: S) {}
fn f() { g(Default::default()); }
",
        "
        k::<impl Default for S> -> k::S impl
        k::<impl Default for S> -> k::S type
        k::f -> k::<impl Default for S> call
        k::f -> k::g call
        k::g -> k::S type
        ",
    );
}

#[test]
fn into_is_the_impl_that_makes_what_is_wanted() {
    check(
        r"
//- /lib.rs crate:k deps:ext
use ext::Url;
struct S;
impl Into<S> for Url { fn into(self) -> S { todo!() } }
fn f(u: Url) { let s: S = u.into(); }
fn g(u: Url) { let s: String = u.into(); }
",
        "
        k::<impl Into<S> for Url> -> k::S impl
        k::<impl Into<S> for Url> -> k::S type
        k::f -> k::<impl Into<S> for Url> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn a_trait_of_the_repository_on_a_type_from_outside_by_path() {
    check(
        r"
//- /lib.rs crate:k deps:ext
trait T { fn make() -> Self; }
impl T for ext::Command { fn make() -> Self { todo!() } }
fn f() { ext::Command::make(); ext::Command::new(); }
",
        "
        k::<impl T for Command> -> k::T impl
        k::f -> k::<impl T for Command> call
        ",
    );
}

#[test]
fn a_method_that_hands_on_to_its_own_name_stands_behind_the_type_s_own() {
    check(
        r"
//- /lib.rs crate:k deps:ext
trait T { fn arg(self) -> Self; fn own(self); }
impl T for ext::Command { fn arg(self) -> Self { self.arg() } fn own(self) {} }
fn f(c: ext::Command) { c.arg(); }
fn g(c: ext::Command) { c.own(); }
",
        "
        k::<impl T for Command> -> k::T impl
        k::g -> k::<impl T for Command> method
        ",
    );
}

#[test]
fn an_alias_fills_in_its_defaults() {
    check(
        r"
struct E;
impl E { fn why(&self) {} }
type R<T, X = E> = Result<T, X>;
fn g() -> R<u8> { todo!() }
fn f() { g().unwrap_err().why(); }
",
        "
        k::R -> k::E type
        k::f -> k::<impl E> method
        k::f -> k::g call
        k::g -> k::R type
        k::<impl E> -> k::E impl
        ",
    );
}

#[test]
fn a_type_out_of_an_outside_glob_can_have_a_trait_of_the_repository() {
    check(
        r"
//- /lib.rs crate:k deps:ext
use ext::*;
trait T { fn own(&self); }
impl T for Gen { fn own(&self) {} }
fn f(g: Gen) { g.own(); }
",
        "
        k::<impl T for Gen> -> k::T impl
        k::f -> k::<impl T for Gen> method
        ",
    );
}

#[test]
fn extractors_are_opened_by_patterns() {
    check(
        r"
//- /lib.rs crate:k deps:ext
use ext::Json;
struct S;
impl S { fn own(&self) {} }
fn f(Json(s): Json<S>) { s.own(); }
fn g(s: Json<S>) { s.own(); }
",
        "
        k::<impl S> -> k::S impl
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::g -> k::<impl S> method
        k::g -> k::S type
        ",
    );
}

#[test]
fn an_overload_without_a_call_is_chosen_by_what_it_is_given() {
    check(
        r"
struct A;
struct B;
struct S;
impl From<A> for S { fn from(a: A) -> S { S } }
impl From<B> for S { fn from(b: B) -> S { S } }
fn f(all: Vec<B>) { all.into_iter().map(S::from); }
",
        "
        k::<impl From<A> for S> -> k::A impl
        k::<impl From<A> for S> -> k::A type
        k::<impl From<A> for S> -> k::S impl
        k::<impl From<A> for S> -> k::S type
        k::<impl From<B> for S> -> k::B impl
        k::<impl From<B> for S> -> k::B type
        k::<impl From<B> for S> -> k::S impl
        k::<impl From<B> for S> -> k::S type
        k::f -> k::<impl From<B> for S> call
        k::f -> k::B type
        k::f -> k::S type
        ",
    );
}

/// Blocks that would have one name have whole paths in it.
#[test]
fn blocks_of_one_name_are_told_apart() {
    check(
        r"
pub struct S;
mod a { pub struct E; }
mod b { pub struct E; }
impl From<a::E> for S { fn from(_: a::E) -> S { S } }
impl From<crate::b::E> for S { fn from(_: b::E) -> S { S } }
",
        "
        k::<impl From<a::E> for S> -> k::S impl
        k::<impl From<a::E> for S> -> k::S type
        k::<impl From<a::E> for S> -> k::a::E impl
        k::<impl From<a::E> for S> -> k::a::E type
        k::<impl From<crate::b::E> for S> -> k::S impl
        k::<impl From<crate::b::E> for S> -> k::S type
        k::<impl From<crate::b::E> for S> -> k::b::E impl
        k::<impl From<crate::b::E> for S> -> k::b::E type
        ",
    );
}

/// What another module names can't come by a glob that only the module itself may look through: something there writes it.
#[test]
fn a_private_glob_gives_other_modules_nothing() {
    check(
        r"
//- /lib.rs crate:k deps:ext
mod rows { use ext::prelude::*; #[derive(Entity)] pub struct Model; fn own() { Column::all(); } }
mod shown { pub use ext::prelude::*; }
fn f() { rows::Entity::find(); }
fn g(_: rows::Column, _: shown::Column) {}
",
        "
        k::f -> k::rows value unseen
        k::g -> k::rows type unseen
        ",
    );
}
