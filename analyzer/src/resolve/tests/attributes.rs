//! Paths in helper attributes: what a derive writes into its output.

use std::collections::BTreeSet;

use super::super::Confidence;
use super::{check, resolved};

/// What attributes may name; the last file is where they stand.
const SCENE: &str = r#"
//- /src/lib.rs crate:k deps:ext
mod model;
pub mod util {
    pub fn f() {}
    pub struct T;
    pub struct G<A>(A);
    pub struct H;
    impl H { pub fn serialize() {} pub fn new() {} }
    pub mod both {
        pub fn serialize() {}
        pub fn deserialize() {}
        pub fn beside() {}
    }
    pub mod one { pub fn serialize() {} }
    pub mod made { some_macro! {} }
    pub mod outer { pub use ext::{deserialize, serialize}; }
}
//- /ext/lib.rs
//- /src/model.rs
use crate::util;
fn near() {}
struct Near;
mod inner { pub fn f() {} }
"#;

/// Where an attribute may stand, `@` for it and `S` for the item: one each line, behind `SCENE`.
const PLACES: &[&str] = &[
    "@ struct S;",
    "struct S { @ x: u8 }",
    "struct S(@ u8);",
    "@ enum S { V }",
    "enum S { @ V }",
    "enum S { V { @ x: u8 } }",
    "@ union S { x: u8 }",
    "#[cfg(any())] struct S { @ x: u8 }",
];

/// Checks which `targets` (each with its kind) an attribute makes an item refer to, wherever it stands.
#[track_caller]
fn attribute(attribute: &str, targets: &[&str]) {
    let places = PLACES.iter().enumerate();
    let places = places.map(|(i, place)| place.replace('S', &format!("S{i}")).replace('@', attribute) + "\n");
    let resolution = resolved(&format!("{SCENE}{}", places.collect::<String>()));
    for (place, line) in PLACES.iter().zip(5..) {
        let name = format!("k::model::S{}", line - 5);
        let own = resolution.references.iter().filter(|r| resolution.items[r.from].path == name);
        let found: Vec<String> = own
            .map(|r| {
                assert_eq!((r.confidence, r.line), (Confidence::Expanded, line), "{attribute} in {place}");
                format!("{} {}", resolution.items[r.to].path, r.kind.name())
            })
            .collect();
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found, targets.iter().copied().collect(), "{attribute} in {place}");
    }
    assert_eq!(resolution.unresolved, resolved(SCENE).unresolved, "{attribute}");
}

#[test]
fn what_an_arrow_leads_to_is_code() {
    let f = "k::util::f call";
    attribute("#[routes(\"/x\" => util::f)]", &[f]);
    attribute(
        "#[ext::routes(tag = \"f\", routes(\"/x\" => [get(util::f), put(near)], \"\" => sub(util::T)))]",
        &[f, "k::model::near call", "k::util::T type"],
    );
    attribute("#[ext::routes(util::f, \"/x\" => nowhere(gone), util => \"f\")]", &[]);
}

#[test]
fn keys_of_serde() {
    let f: &[&str] = &["k::util::f call"];
    let cases: &[(&str, &[&str])] = &[
        (r#"default = "crate::util::f""#, f),
        (r#"default = "util::f""#, f),
        (r#"default = "super::util::f""#, f),
        (r#"default = "near""#, &["k::model::near call"]),
        (r#"default = "inner::f""#, &["k::model::inner::f call"]),
        (r#"rename = "near", default = "self::near", skip"#, &["k::model::near call"]),
        (r#"default = "util::G::<Near>::new""#, &["k::model::Near type", "k::util::G type"]),
        (r#"default = "util::H::new""#, &["k::util::H type", "k::util::<impl H> call"]),
        (
            r#"serialize_with = "util::f", deserialize_with = "near""#,
            &["k::util::f call", "k::model::near call"],
        ),
        (r#"skip_serializing_if = "util::f""#, f),
        (r#"getter = "util::f""#, f),
        (r#"from = "util::T""#, &["k::util::T type"]),
        (r#"into = "Near""#, &["k::model::Near type"]),
        (r#"try_from = "util::G<Near>""#, &["k::model::Near type", "k::util::G type"]),
        (r#"remote = "util::T""#, &["k::util::T type"]),
        (r#"with = "util::both""#, &["k::util::both::serialize call", "k::util::both::deserialize call"]),
        (r#"with = "crate::util::one""#, &["k::util::one::serialize call"]),
        (r#"with = "util::made""#, &["k::util::made type"]),
        (r#"with = "util::outer""#, &["k::util::outer type"]),
        (r#"with = "util::H""#, &["k::util::H type", "k::util::<impl H> call"]),
    ];
    for (arguments, targets) in cases {
        attribute(&format!("#[serde({arguments})]"), targets);
        attribute(&format!("#[cfg_attr(feature = \"serde\", derive(Clone), serde({arguments}))]"), targets);
    }
}

#[test]
fn what_names_nothing_of_the_repository() {
    let cases = [
        r#"default = "crate::util::missing""#,
        r#"default = "missing""#,
        r#"default = "crate::missing::f""#,
        r#"default = "ext::f""#,
        r#"default = "Vec::new", skip_serializing_if = "Option::is_none""#,
        r#"with = "ext""#,
        r#"with = "ext::hex""#,
        r#"with = "humantime_serde""#,
        r#"from = "Vec<u8>""#,
        r#"rename = "near", tag = "Near", alias = "crate::util::f""#,
        r#"bound = "Near: Sized", rename(serialize = "near")"#,
        r#"default = """#,
        r#"default = "a b ::<'> ::""#,
        "default, skip, =, default = , near",
    ];
    for arguments in cases {
        attribute(&format!("#[serde({arguments})]"), &[]);
    }
}

#[test]
fn other_derives() {
    let cases: &[(&str, &[&str])] = &[
        (
            r#"#[schemars(with = "util::T", schema_with = "near")]"#,
            &["k::util::T type", "k::model::near call"],
        ),
        (r#"#[serde_as(as = "Option<util::T>")]"#, &["k::util::T type"]),
        ("#[arg(value_parser = crate::util::f)]", &["k::util::f call"]),
        ("#[arg(long, value_parser = near, env)]", &["k::model::near call"]),
        ("#[arg(default_value_t = util::H::new())]", &["k::util::H type", "k::util::<impl H> call"]),
        ("#[garde(custom(crate::util::f))]", &["k::util::f call"]),
        ("#[structopt(parse(try_from_str = util::f))]", &["k::util::f call"]),
        ("#[diesel(table_name = inner)]", &["k::model::inner type"]),
        ("#[garde(custom(near), inner(near))]", &["k::model::near call"]),
        ("#[argh(option, from_str_fn(util::f))]", &["k::util::f call"]),
        (r#"#[validate(custom(function = "util::f"), length(min = 1))]"#, &["k::util::f call"]),
        (r#"#[validate(schema(function = "near", skip_on_field_errors = false))]"#, &["k::model::near call"]),
        (r#"#[derivative(Debug(format_with = "util::f"))]"#, &["k::util::f call"]),
        (r#"#[builder(build_fn(validate = "util::f"))]"#, &["k::util::f call"]),
        (r#"#[prost(enumeration = "util::T", tag = "1")]"#, &["k::util::T type"]),
        (r#"#[validate(must_match = "near", equal = "util::f")]"#, &[]),
        // A bare word may be the derive's own; a macro is none of its paths; literals and modules around name nothing.
        ("#[arg(value_parser = near!(u8), short = 'x', index = 1, flag = true, home = super)]", &[]),
        ("#[doc(alias = near)]", &[]),
    ];
    for (text, targets) in cases {
        attribute(text, targets);
    }
}

#[test]
fn attributes_of_functions_name_nothing() {
    check(
        "
fn id() {}
#[instrument(fields(id = id))]
fn f() {}
",
        "",
    );
}

#[test]
fn items_in_bodies_and_generic_parameters() {
    check(
        r#"
struct T;
struct Bare;
fn f() {
    fn g() {}
    fn h() {}
    #[serde(default = "h", from = "Bare")]
    struct S;
}
#[serde(from = "T")]
struct G<T>(T);
fn h() {}
"#,
        "
        k::f -> k::Bare type
        ",
    );
}
