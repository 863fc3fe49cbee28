//! Files that say what is deployed and whose files are, and settings of the tool that a repository brings along.

use super::case::{Case, case};

const OUTSIDE: &str = "leads out of the analysed directory";
const PIPE: &str = "is a pipe, not a file";
const LARGE: &str = "is larger than";

pub(crate) fn cases() -> Vec<Case> {
    [special(), owners(), settings(), commands(), trees(), shells()].into_iter().flatten().collect()
}

fn services(name: &str) -> Case {
    case(name).args(&["services", "--format", "json"]).file("src/main.rs", "fn main() { pit::f() }\n")
}

/// What is named like a file of deployment, and is none.
fn special() -> Vec<Case> {
    let files = ["Dockerfile", "docker-compose.yml", ".github/workflows/ci.yml", "Makefile"];
    let each = |path: &str| {
        [
            services(&format!("{path}: pipe")).pipe(path).says(PIPE).says(path),
            services(&format!("{path}: device")).link(path, "/dev/zero").says(OUTSIDE),
            services(&format!("{path}: ten gigabytes")).sparse(path).says(LARGE),
        ]
    };
    // By its name this may be anything: too large a one is passed over in silence.
    let vague = services("k8s/web.yaml: pipe").pipe("k8s/web.yaml").says(PIPE);
    files.into_iter().flat_map(each).chain([vague]).collect()
}

fn owners() -> Vec<Case> {
    let left = "whose files are is left out";
    let owners = |what: &str| case(format!("CODEOWNERS: {what}")).git();
    vec![
        owners("pipe").pipe(".github/CODEOWNERS").says(PIPE).says(left),
        owners("device").link("CODEOWNERS", "/dev/zero").says(OUTSIDE).says(left),
        owners("ten gigabytes").sparse("docs/CODEOWNERS").says(LARGE).says(left),
        owners("stars").file("CODEOWNERS", format!("{}b @a\n", "**/*a*".repeat(100))).never(left),
        owners("many rules").file("CODEOWNERS", "*a*b*c @a\n".repeat(100_000)).says("\"schema_version\""),
    ]
}

fn settings() -> Vec<Case> {
    let file = "split-advisor.toml";
    let check = |what: &str| case(format!("settings: {what}")).args(&["check"]).fails().says(file);
    vec![
        check("pipe").pipe(file).says(PIPE),
        check("device").link(file, "/dev/zero").says(OUTSIDE),
        check("ten gigabytes").sparse(file).says(LARGE),
        check("nested").file(file, format!("a = {}", "[".repeat(100_000))),
        check("not UTF-8").file(file, b"\xff".to_vec()),
        check("colours").file(file, "jobs = \"\u{1b}[31mred\"\n").never("\u{1b}[31m"),
    ]
}

/// Names that would be commands in a pipeline: cargo refuses these manifests, and they are read without it.
fn commands() -> Vec<Case> {
    let named = |name: &str| {
        case(format!("package `{name}`"))
            .file("Cargo.toml", format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2024'\n"))
            .file("b/Cargo.toml", "[package]\nname = 'b'\nversion = '0.1.0'\nedition = '2024'\n")
            .file("b/src/lib.rs", "pub fn f() {}\n")
            .says(&format!("package `{name}` is left out: a name has letters, digits, `-` and `_`"))
            .says("\"name\": \"b\"")
    };
    let target =
        "[package]\nname = 'pit'\nversion = '0.1.0'\n[[bin]]\nname = 'a; touch victim'\npath = 'src/m.rs'\n";
    vec![
        named("a; touch victim #"),
        named("$(touch victim)"),
        named("--config=x"),
        named("a b"),
        case("binary `a; touch victim`")
            .file("Cargo.toml", target)
            .says("target `a; touch victim` is left out"),
    ]
}

/// YAML that grows when it is read, or nests.
fn trees() -> Vec<Case> {
    let level = |i: usize| format!("a{}: &a{} [{}]\n", i + 1, i + 1, vec![format!("*a{i}"); 9].join(","));
    let bomb = format!(
        "a0: &a0 [x]\n{}services: {{web: {{image: *a12}}}}\n",
        (0..12).map(level).collect::<String>()
    );
    let merged = "x: &x {<<: *x}\nservices:\n  <<: *x\n";
    let texts = [
        ("aliases that multiply", bomb),
        ("a key that is merged with itself", merged.to_owned()),
        ("brackets 100,000 deep", "[".repeat(100_000)),
        ("braces 50,000 deep", "{a: ".repeat(50_000)),
        ("50,000 documents", "---\n".repeat(50_000)),
        ("50,000 keys", (0..50_000).map(|i| format!("k{i}: v\n")).collect()),
        ("tags", "!!python/object/apply:os.system [\"touch victim\"]\n".to_owned()),
    ];
    let files = ["docker-compose.yml", ".github/workflows/ci.yml", "k8s/web.yaml"];
    let each = |(what, text): (&str, String)| {
        files.map(|path| {
            services(&format!("{path}: {what}")).file(path, text.clone()).says("\"schema_version\"")
        })
    };
    texts.into_iter().flat_map(each).collect()
}

/// Commands that lead to themselves, or double.
fn shells() -> Vec<Case> {
    let doubled = |line: fn(usize) -> String| (0..60).map(line).collect::<String>();
    let docker = |what: &str, text: String| {
        services(&format!("Dockerfile: {what}")).file("Dockerfile", text).says("\"schema_version\"")
    };
    vec![
        docker(
            "a variable that is itself",
            "FROM x\nARG A=${A}\nENV B=${B:-${A:-${B}}}\nCMD [\"${A}\", \"pit\"]\n".into(),
        ),
        docker(
            "variables that double",
            format!(
                "FROM x\nENV A0=xx\n{}CMD $A60\n",
                doubled(|i| format!("ENV A{}=${{A{i}}}${{A{i}}}\n", i + 1))
            ),
        ),
        docker("a stage that is itself", "FROM a AS a\nFROM a AS b\nFROM b AS a\nCMD [\"pit\"]\n".into()),
        docker("shells in shells", format!("FROM x\nCMD {}\n", "sh -c \"".repeat(5_000))),
        docker("brackets", format!("FROM x\nCMD {}pit{}\n", "$(".repeat(20_000), ")".repeat(20_000))),
        docker("a script that calls itself", "FROM x\nCOPY run.sh /\nENTRYPOINT [\"/run.sh\"]\n".into())
            .file("run.sh", "#!/bin/sh\n. ./run.sh\nsh run.sh\nexec pit\n"),
        services("Makefile: variables that double")
            .file(
                "Makefile",
                format!("A0=xx\n{}all:\n\t$(A60)\n", doubled(|i| format!("A{}=$(A{i})$(A{i})\n", i + 1))),
            )
            .says("\"schema_version\""),
    ]
}
