//! Small repositories, from their deployment files to what is deployed.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::deploy::{EvidenceKind, Standing};
use crate::discover::{Edition, Package, Target, TargetKind, Workspace};
use crate::ids::{Id, IdVec, PackageId, TargetId, WorkspaceId};

/// A workspace in the root: `directory: bin bin; directory: bin`, packages named like the last part of their directory. After `|`
/// another workspace in the directory that is named first: `| prover/ prover/bin/a: a`.
fn repository(text: &str) -> Repository {
    let mut repository = Repository::default();
    for (i, part) in text.split('|').enumerate() {
        let (dir, rest) = if i == 0 { ("", part) } else { part.trim().split_once("/ ").unwrap() };
        let workspace = WorkspaceId::from_index(i);
        let mut members = Vec::new();
        for line in rest.split(';').map(str::trim).filter(|line| !line.is_empty()) {
            let (package_dir, bins) = line.split_once(':').unwrap();
            let package_dir = package_dir.trim().trim_start_matches('.');
            let package = PackageId::from_index(repository.packages.len());
            members.push(package);
            let targets: Vec<TargetId> = bins
                .split_whitespace()
                .map(|name| {
                    let id = TargetId::from_index(repository.targets.len());
                    repository.targets.push(Target {
                        package,
                        name: name.to_owned(),
                        crate_name: name.replace('-', "_"),
                        kind: TargetKind::Bin,
                        src: format!("{package_dir}/src/main.rs"),
                        edition: Edition::E2024,
                        required_features: Vec::new(),
                        enabled: true,
                        tested: true,
                        doctested: false,
                    });
                    id
                })
                .collect();
            let in_dir = |name: &str| {
                if package_dir.is_empty() { name.to_owned() } else { format!("{package_dir}/{name}") }
            };
            repository.rust_files.push(in_dir("src/main.rs"));
            repository.packages.push(Package {
                name: package_dir
                    .rsplit('/')
                    .next()
                    .filter(|name| !name.is_empty())
                    .unwrap_or("app")
                    .to_owned(),
                version: "0.1.0".to_owned(),
                manifest: in_dir("Cargo.toml"),
                dir: package_dir.to_owned(),
                workspace,
                edition: Edition::E2024,
                features: BTreeMap::new(),
                enabled_features: BTreeSet::new(),
                dependencies: Vec::new(),
                targets,
                publishable: true,
                links: None,
            });
        }
        let (locked, profiles) = (IdVec::default(), BTreeMap::new());
        repository.workspaces.push(Workspace { dir: dir.to_owned(), members, locked, profiles });
    }
    repository
}

fn form(path: &str) -> DeploymentForm {
    crate::discover::deployment_form(path).unwrap_or_else(|| panic!("{path} is no deployment file"))
}

/// Standing and diagnostics for `=== path` and the file's text below it.
fn found(packages: &str, files: &str) -> (Repository, Standing, Vec<Diagnostic>) {
    let repository = repository(packages);
    let file = |part: &str| {
        let (path, text) = part.split_once('\n').unwrap();
        let path = path.trim().to_owned();
        DeploymentFile { form: form(&path), path, text: text.to_owned() }
    };
    let files: Vec<DeploymentFile> = files.split("=== ").skip(1).map(file).collect();
    let (standing, diagnostics) = evidence(&repository, &files);
    (repository, standing, diagnostics)
}

/// What is deployed: names, with what they are called.
fn names(packages: &str, files: &str) -> String {
    let (_, standing, _) = found(packages, files);
    if !standing.named_by_files {
        return "nothing".to_owned();
    }
    let one = |program: &crate::deploy::DeployedProgram| match program.services.as_slice() {
        [] => program.name.clone(),
        services => format!("{} ({})", program.name, services.join(" ")),
    };
    let mut all: Vec<String> = standing.deployed.iter().map(one).collect();
    all.sort();
    all.join(", ")
}

/// The places of the evidence of a program, by kind.
fn places(packages: &str, files: &str, name: &str) -> Vec<String> {
    let (_, standing, _) = found(packages, files);
    let program = standing.deployed.iter().find(|program| program.name == name).unwrap();
    let one = |e: &crate::deploy::Evidence| {
        let kind = match e.kind {
            EvidenceKind::Starts => "starts",
            EvidenceKind::Packs => "packs",
            EvidenceKind::Ships => "ships",
            EvidenceKind::Builds => "builds",
            EvidenceKind::Lists => "lists",
        };
        format!("{}:{} {kind} {}", e.file, e.line, e.what)
    };
    program.evidence.iter().map(one).collect()
}

#[test]
fn a_recipe_of_an_image_names_programs() {
    let packages = "crates/web: web admin; crates/worker: worker";
    for (recipe, expected) in [
        // Built by name, copied by path.
        (
            "FROM rust AS b\nWORKDIR /app\nCOPY . .\nRUN cargo build --release --bin web\nFROM debian\n\
             COPY --from=b /app/target/release/web /usr/local/bin/\nENTRYPOINT [\"web\"]",
            "web",
        ),
        // Several in one image.
        (
            "FROM rust AS b\nCOPY . .\nRUN cargo build --bin web --bin worker\nFROM debian\n\
             COPY --from=b /target/release/web /target/release/worker /bin/\nCMD [\"/bin/web\"]",
            "web, worker",
        ),
        // Built, but not in the image.
        (
            "FROM rust AS b\nCOPY . .\nRUN cargo build --bin web --bin admin\nFROM debian\n\
             COPY --from=b /target/release/web /bin/\n",
            "web",
        ),
        // All of the workspace is built: what is copied or started counts.
        (
            "FROM rust AS b\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nFROM debian\n\
             COPY --from=b /app/target/release/worker /srv/work\nCMD /srv/work",
            "worker",
        ),
        (
            "FROM rust AS b\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nFROM debian\n\
             COPY --from=b /app/target/release/ /srv/\nCMD [\"/srv/worker\"]",
            "worker",
        ),
        // One stage.
        ("FROM rust\nCOPY . .\nRUN cargo install --path crates/worker\nCMD [\"worker\"]", "worker"),
        // Renamed on the way.
        (
            "FROM rust AS b\nCOPY . .\nRUN cargo build -p worker --release && mv target/release/worker /out\nFROM debian\n\
             COPY --from=b /out /usr/bin/job\nENTRYPOINT exec /usr/bin/job --queue x",
            "worker",
        ),
        // `cd`, a manifest's path.
        (
            "FROM rust AS b\nWORKDIR /src\nCOPY . .\nRUN cd crates/worker && cargo build --release\nFROM debian\n\
             COPY --from=b /src/target/release/worker /bin/worker",
            "worker",
        ),
        (
            "FROM rust AS b\nCOPY . .\nRUN cargo build --manifest-path ./crates/worker/Cargo.toml\nFROM debian\n\
             COPY --from=b /target/debug/worker /bin/worker",
            "worker",
        ),
        // Arguments with defaults, through variables of the environment.
        (
            "ARG BIN=admin\nFROM rust AS b\nARG BIN\nENV NAME=$BIN\nCOPY . .\nRUN cargo build --bin ${NAME}\nFROM debian\nARG BIN\n\
             COPY --from=b /target/debug/${BIN} /bin/${BIN}\nENV RUN=/bin/$BIN\nENTRYPOINT [\"sh\", \"-c\", \"exec $RUN\"]",
            "admin",
        ),
        // Prepared, then built.
        (
            "FROM chef AS b\nRUN cargo chef cook --bin admin\nCOPY . .\nRUN cargo auditable build --bin worker\nFROM debian\n\
             COPY --from=b target/release/worker /bin/worker",
            "worker",
        ),
        // Loops over names.
        (
            "FROM rust AS b\nCOPY . .\nRUN for b in web worker; do cargo build --bin $b && cp target/debug/$b /out/; done\n\
             FROM debian\nCOPY --from=b /out/ /usr/bin/",
            "web, worker",
        ),
        // Stages that nobody uses are images, too.
        (
            "FROM rust AS b\nCOPY . .\nRUN cargo build --bin web --bin worker\nFROM debian AS base\n\
             FROM base AS one\nCOPY --from=b /target/debug/web /\nCMD [\"/web\"]\n\
             FROM base AS two\nCOPY --from=b /target/debug/worker /\nCMD [\"/worker\"]",
            "web, worker",
        ),
        // But one to look into a program, beside that which runs or upon it.
        (
            "FROM rust AS b\nCOPY . .\nRUN cargo build --bin web --bin worker\nFROM debian AS run\n\
             COPY --from=b /target/debug/web /\nCMD [\"/web\"]\nFROM run AS run-debug\nCOPY --from=b /target/debug/worker /\nCMD [\"/worker\"]",
            "web",
        ),
        // Wrappers.
        ("FROM x\nENTRYPOINT [\"tini\", \"--\", \"gosu\", \"user\", \"worker\", \"-v\"]", "worker"),
        (
            "FROM x\nENTRYPOINT [\"/bin/sh\", \"-c\", \"ulimit -s unlimited; exec /usr/bin/worker \\\"$@\\\"\", \"--\"]",
            "worker",
        ),
        // Somebody else's program of that name.
        ("FROM node\nCOPY src src\nRUN npm run build\nCMD [\"node\", \"dist/worker.js\"]", "nothing"),
        ("FROM rust\nRUN cargo install sqlx-cli\nRUN cargo test -p worker", "nothing"),
        // Sources are no program.
        ("FROM nginx\nCOPY web /usr/share/nginx/html", "nothing"),
        ("FROM x\nNONSENSE\nCMD worker", "nothing"),
    ] {
        assert_eq!(names(packages, &format!("=== Dockerfile\n{recipe}\n")), expected, "{recipe}");
    }
}

#[test]
fn lines_say_where() {
    let recipe = "=== docker/web/Dockerfile\nFROM rust AS b\nWORKDIR /app\nCOPY . .\nRUN cargo chef cook && \\\n  cargo build --release \\\n    --bin web\n\
                  FROM debian\nCOPY --from=b /app/target/release/web /bin/web\nENTRYPOINT [\"web\", \"serve\"]\n";
    let expected = [
        "docker/web/Dockerfile:5 builds cargo build --release --bin web",
        "docker/web/Dockerfile:8 packs COPY --from=b /app/target/release/web /bin/web",
        "docker/web/Dockerfile:9 starts ENTRYPOINT web serve",
    ];
    assert_eq!(places("crates/web: web", recipe, "web"), expected);
}

#[test]
fn an_entrypoint_may_be_a_script_of_the_repository() {
    let packages = "web: web; migrate: migrate";
    let scripts = "=== docker/entrypoint.sh\n#!/bin/sh\nset -e\nmigrate up\nexec web \"$@\"\n";
    for recipe in [
        "FROM x\nCOPY docker/entrypoint.sh /\nENTRYPOINT [\"/entrypoint.sh\"]",
        "FROM x\nCOPY . /app\nWORKDIR /app\nENTRYPOINT [\"sh\", \"docker/entrypoint.sh\"]",
        "FROM x AS b\nWORKDIR /s\nCOPY . .\nFROM x\nCOPY --from=b /s/docker/entrypoint.sh /usr/bin/go\nENTRYPOINT /usr/bin/go",
    ] {
        let files = format!("{scripts}=== Dockerfile\n{recipe}\n");
        assert_eq!(names(packages, &files), "migrate, web", "{recipe}");
    }
    // The program comes from a variable that the image sets.
    let files = "=== run.sh\nexec \"$PROGRAM\" \"$@\"\n=== Dockerfile\nFROM x\nARG BIN=web\nENV PROGRAM=/bin/$BIN\nCOPY run.sh /run.sh\n\
                 ENTRYPOINT [\"/run.sh\"]\n";
    assert_eq!(names(packages, files), "web");
    // A script that builds.
    let files = "=== ci/build.sh\ncargo build --release -p \"$1\"\n=== Dockerfile\nFROM rust AS b\nWORKDIR /app\nCOPY . .\nRUN ./ci/build.sh web\n\
                 FROM x\nCOPY --from=b /app/target/release/web /bin/\n";
    assert_eq!(names(packages, files), "web");
    // A recipe of make that does.
    let files = "=== Makefile\nBIN ?= migrate\nbuild:\n\tcargo build --bin $(BIN)\n=== Dockerfile\nFROM rust AS b\nWORKDIR /app\nCOPY . .\n\
                 RUN make build BIN=web\nFROM x\nCOPY --from=b /app/target/debug/web /bin/\n";
    assert_eq!(
        places(packages, files, "web")[0],
        "Dockerfile:6 packs COPY --from=b /app/target/debug/web /bin/"
    );
}

#[test]
fn workspaces_are_told_apart() {
    let packages = "core/server: server; | prover/ prover/bin/server: server prove";
    let recipe = |cd: &str| {
        format!(
            "=== Dockerfile\nFROM rust AS b\nWORKDIR /usr/src/x\nCOPY . .\nRUN cd {cd} && cargo build --bin server\nFROM x\n\
                 COPY --from=b /usr/src/x/target/release/server /usr/bin/\n"
        )
    };
    for (cd, expected) in
        [("core/server", "core/server/Cargo.toml"), ("prover", "prover/bin/server/Cargo.toml")]
    {
        let (repository, standing, _) = found(packages, &recipe(cd));
        let manifests: Vec<&str> = standing
            .deployed
            .iter()
            .map(|program| repository.packages[repository.targets[program.target].package].manifest.as_str())
            .collect();
        assert_eq!(manifests, [expected], "{cd}");
    }
}

#[test]
fn compose_gives_arguments_commands_and_roles() {
    let packages = "a: app; b: other";
    let recipe = "=== Dockerfile\nFROM rust AS b\nARG BIN\nCOPY . .\nRUN cargo build --bin $BIN\nFROM x\nARG BIN\n\
                  COPY --from=b /target/debug/$BIN /bin/\nENV BIN=$BIN\nENTRYPOINT [\"sh\", \"-c\", \"exec $BIN $0 $@\"]\n";
    let files = format!(
        "{recipe}=== compose.yml\nservices:\n  one:\n    build:\n      context: .\n      args: {{BIN: app}}\n  two:\n    build:\n      args:\n        - BIN=other\n      context: .\n"
    );
    assert_eq!(names(packages, &files), "app (one), other (two)");
    // Without a value nothing is known.
    let (_, standing, diagnostics) = found(packages, recipe);
    assert!(!standing.named_by_files);
    assert!(
        diagnostics.iter().any(|d| d.line == Some(4) && d.message.contains("variable")),
        "{diagnostics:?}"
    );

    let image = "=== Dockerfile\nFROM rust AS b\nCOPY . .\nRUN cargo build --bin app\nFROM x\nCOPY --from=b /target/debug/app /bin/\n\
                 ENTRYPOINT [\"app\"]\n";
    let roles = format!(
        "{image}=== compose.yml\nservices:\n  api:\n    build: .\n    image: org/app\n    command: [serve]\n  jobs:\n    image: org/app\n    command: worker --threads 2\n  \
         more:\n    image: org/app\n    command: worker\n  db:\n    image: postgres\n    command: postgres -c x\n"
    );
    let (_, standing, _) = found(packages, &roles);
    let all: Vec<_> = standing
        .deployed
        .iter()
        .map(|p| (p.name.as_str(), p.role.as_deref(), p.services.join(" ")))
        .collect();
    let expected = [
        ("app serve", Some("serve"), "api".to_owned()),
        ("app worker", Some("worker"), "jobs more".to_owned()),
    ];
    assert_eq!(all, expected);
    // The image is made elsewhere: it has the name of the program that the recipe starts.
    let elsewhere = roles.replace("    build: .\n", "").replace("org/app", "ghcr.io/org/app:1");
    let (_, standing, _) = found(packages, &elsewhere);
    let all: Vec<_> = standing.deployed.iter().map(|p| (p.name.as_str(), p.services.join(" "))).collect();
    assert_eq!(all, [("app serve", "api".to_owned()), ("app worker", "jobs more".to_owned())]);
    let foreign = elsewhere.replace("org/app", "org/another");
    assert_eq!(names(packages, &foreign), "app");
    // One argument is no role.
    let one = format!("{image}=== compose.yml\nservices:\n  api:\n    build: .\n    command: [serve]\n");
    assert_eq!(
        names(packages, &one.replace("ENTRYPOINT [\"app\"]\n", "ENTRYPOINT [\"app\"]\nCMD [\"serve\"]\n")),
        "app (api)"
    );
    // Another program of the same image.
    let other = "=== Dockerfile\nFROM rust AS b\nCOPY . .\nRUN cargo build --workspace\nFROM x\nCOPY --from=b /target/debug /bin\n\
                 CMD [\"app\"]\n=== compose.yml\nservices:\n  x:\n    build: .\n    command: [\"other\", \"-v\"]\n";
    assert_eq!(names(packages, other), "app, other (x)");
}

#[test]
fn workflows_build_images_and_ship_programs() {
    let packages = "a: app; b: other; tools/xtask: xtask";
    let recipe = "=== docker/app/Dockerfile\nFROM rust AS b\nARG CRATE\nCOPY . .\nRUN cargo install --path $CRATE --root /app\nFROM x\n\
                  COPY --from=b /app/bin /app/bin\n";
    for (workflow, expected) in [
        (
            "jobs:\n  build:\n    strategy:\n      matrix:\n        crate: [a, b]\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          \
             file: docker/app/Dockerfile\n          build-args: |\n            CRATE=${{ matrix.crate }}\n",
            "app, other",
        ),
        (
            "jobs:\n  build:\n    uses: org/repo/.github/workflows/build.yml@main\n    with:\n      dockerfile: docker/app/Dockerfile\n      docker_build_args: |\n        CRATE=b\n",
            "other",
        ),
        (
            "env:\n  CRATE: a\njobs:\n  build:\n    steps:\n      - run: docker build -f docker/app/Dockerfile --build-arg CRATE .\n",
            "app",
        ),
        // Only built.
        ("jobs:\n  ci:\n    steps:\n      - run: cargo build --bin app\n", "nothing"),
        // Built and given away.
        (
            "jobs:\n  rel:\n    strategy:\n      matrix:\n        include:\n          - {bin: app}\n          - {bin: other}\n    steps:\n      - run: cargo build --release --bin ${{ matrix.bin }}\n      \
             - uses: softprops/action-gh-release@v2\n",
            "app, other",
        ),
        (
            "jobs:\n  d:\n    steps:\n      - run: |\n          cargo lambda build --bin app\n          cargo lambda deploy app\n",
            "app",
        ),
        (
            "jobs:\n  d:\n    steps:\n      - run: cargo build\n      - run: scp target/release/other host:/srv\n",
            "other",
        ),
        (
            "jobs:\n  d:\n    steps:\n      - uses: taiki-e/upload-rust-binary-action@v1\n        with: {bin: \"app,other\"}\n",
            "app, other",
        ),
        (
            "jobs:\n  d:\n    strategy: {matrix: '${{ fromJSON(needs.x.outputs.y) }}'}\n    steps:\n      - run: cargo build --bin ${{ matrix.bin }}\n",
            "nothing",
        ),
    ] {
        let files = format!("{recipe}=== .github/workflows/ci.yml\non: push\n{workflow}");
        assert_eq!(names(packages, &files), expected, "{workflow}");
    }
}

#[test]
fn an_upload_is_a_release_of_what_it_has_in_it() {
    let build = "      - run: cargo build --release --bin app\n";
    let upload = |path: &str, when: &str| {
        format!("      - uses: actions/upload-artifact@v4\n{when}        with:\n          path: {path}\n")
    };
    let jobs = |steps: &str, release: &str| format!("jobs:\n  build:\n    steps:\n{build}{steps}{release}");
    let release = "  release:\n    needs: [sign]\n    steps:\n      - run: gh release upload v1 artifacts/*\n  sign:\n    needs: build\n    steps: []\n";
    for (file, workflow, expected) in [
        ("release", jobs(&upload("target/release/app", ""), ""), "app"),
        ("release", jobs(&upload("${{ matrix.name }}.gz", ""), ""), "app"),
        // Logs of a run that failed, or of any.
        ("release", jobs(&upload("target/release/app", "        if: failure()\n"), ""), "nothing"),
        ("release", jobs(&upload("/tmp/app-logs*", ""), ""), "nothing"),
        // No workflow of releases by its name, but another job releases what this one made.
        ("ci", jobs(&upload("app.gz", ""), ""), "nothing"),
        ("ci", jobs(&upload("app.gz", ""), release), "app"),
    ] {
        let files = format!("=== .github/workflows/{file}.yml\non: push\n{workflow}");
        assert_eq!(names("a: app; b: other", &files), expected, "{file}: {workflow}");
    }
    // Built, and nothing else: said so.
    let workflow = format!(
        "=== .github/workflows/ci.yml\non: push\n{}=== Dockerfile\nFROM x\nENTRYPOINT [\"other\"]\n",
        jobs("", "")
    );
    let (_, standing, _) = found("a: app; b: other", &workflow);
    assert_eq!(standing.others[0].why, crate::deploy::NotDeployed::OnlyBuilt);
}

#[test]
fn features_that_are_not_those_of_this_run_are_said() {
    let recipe = |options: &str| {
        format!(
            "=== Dockerfile\nFROM rust\nARG DB=spanner\nCOPY . .\nRUN cargo install --path a {options}\nENTRYPOINT [\"app\"]\n"
        )
    };
    let told = |on: &[&str], options: &str| -> Vec<String> {
        let (mut repository, ..) = found("a: app", "");
        repository.packages[PackageId::from_index(0)].enabled_features =
            on.iter().map(|&name| name.to_owned()).collect();
        let files = [DeploymentFile {
            path: "Dockerfile".to_owned(),
            form: DeploymentForm::Dockerfile,
            text: recipe(options).split_once('\n').unwrap().1.to_owned(),
        }];
        let (_, diagnostics) = evidence(&repository, &files);
        let of = diagnostics.into_iter().filter(|d| d.message.contains("built with"));
        of.map(|d| d.message.split('`').nth(3).unwrap_or_default().to_owned()).collect()
    };
    for (on, options, expected) in [
        (&["default"][..], "", &[][..]),
        (&["default"], "--features tls", &["--features tls"]),
        (&["default", "tls"], "--features tls", &[]),
        (
            &["default"],
            "--no-default-features --features=a/$DB,b",
            &["--no-default-features --features a/spanner,b"],
        ),
        (&["b"], "--no-default-features -F b", &[]),
        // Nobody knows which.
        (&["default"], "--features $WHAT", &[]),
    ] {
        assert_eq!(told(on, options), expected, "{options}");
    }
}

#[test]
fn reusable_workflows_and_actions_get_what_they_are_called_with() {
    let packages = "a: app; b: other";
    let files = "=== .github/workflows/main.yml\non: push\njobs:\n  a:\n    uses: ./.github/workflows/ship.yml\n    with: {bin: app}\n  b:\n    uses: ./.github/workflows/ship.yml\n    with: {bin: other}\n\
                 === .github/workflows/ship.yml\non:\n  workflow_call:\n    inputs:\n      bin: {type: string}\njobs:\n  ship:\n    steps:\n      - uses: ./.github/actions/build\n        with:\n          name: ${{ inputs.bin }}\n      \
                 - run: aws s3 cp out s3://x\n\
                 === .github/actions/build/action.yml\ninputs:\n  name: {required: true}\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: cargo build --bin \"$NAME\" && aws s3 cp target/debug/$NAME s3://x\n      env:\n        NAME: ${{ inputs.name }}\n";
    assert_eq!(names(packages, files), "app, other");
}

/// Who uploads what a package is built for doesn't upload what makes code for that.
#[test]
fn what_makes_code_beside_a_library_is_not_deployed() {
    let mut with_bindgen = repository("a: app; b: other; c: more");
    let standing = |repository: &Repository| {
        let text = "on: push\njobs:\n  a:\n    steps:\n      - run: cargo build -p b\n      - run: aws s3 cp target/x s3://y\n";
        let path = ".github/workflows/a.yml".to_owned();
        let file = DeploymentFile { form: form(&path), path, text: text.to_owned() };
        evidence(repository, &[file]).0.deployed.len()
    };
    let other = with_bindgen.targets.iter_enumerated().find(|(_, target)| target.name == "other").unwrap().0;
    assert_eq!(standing(&with_bindgen), 1);
    with_bindgen.targets[other].src = "b/uniffi-bindgen.rs".to_owned();
    assert_eq!(standing(&with_bindgen), 2, "none is named, so that the two others may be");
}

#[test]
fn files_of_tests_and_tools_deploy_nothing() {
    let packages = "a: app; b: other; tools/xtask: xtask; bench/load: load";
    let image = |bin: &str| format!("FROM x\nENTRYPOINT [\"{bin}\"]\n");
    let files = format!(
        "=== Dockerfile\n{}=== tests/Dockerfile\n{}=== bench/Dockerfile\n{}",
        image("app"),
        image("other"),
        image("load")
    );
    // Who puts a benchmark into an image deploys it.
    assert_eq!(names(packages, &files), "app, load");
    let (repository, standing, _) = found(packages, &files);
    let others: Vec<_> = standing
        .others
        .iter()
        .map(|other| (repository.targets[other.target].name.as_str(), other.why))
        .collect();
    use crate::deploy::NotDeployed::*;
    assert_eq!(others, [("other", Tests), ("xtask", Tool)]);
    // Of what lies among tests images and uploads are for these; what a service starts is deployed.
    let among = "a: app; tests/runner: runner; e2e-tests/server: server; test-kit: kit";
    let rest = format!(
        "=== ops/Dockerfile.runner\n{}=== ops/Dockerfile.server\n{}",
        image("runner"),
        image("server")
    );
    assert_eq!(names(among, &format!("=== Dockerfile\n{}{rest}", image("app"))), "app");
    let compose =
        "=== compose.yml\nservices:\n  echo:\n    build: {context: ., dockerfile: ops/Dockerfile.server}\n";
    assert_eq!(
        names(among, &format!("=== Dockerfile\n{}{rest}{compose}", image("app"))),
        "app, server (echo)"
    );
    let cluster = compose.replace("compose.yml", ".github/actions/cluster/compose.yml");
    assert_eq!(names(among, &format!("=== Dockerfile\n{}{rest}{cluster}", image("app"))), "app");
    // Without any file all that could be deployed are there.
    let (repository, standing, _) = found(packages, "");
    let all: Vec<_> = standing.deployed.iter().map(|p| repository.targets[p.target].name.as_str()).collect();
    assert_eq!((all, standing.named_by_files), (vec!["app", "other"], false));
}

#[test]
fn what_is_broken_is_said_with_its_line_and_the_rest_goes_on() {
    let files = "=== Dockerfile\nFROM x\nENTRYPOINT [\"app\"]\nWHAT\n=== compose.yml\nservices:\n  a: [\n=== .github/workflows/x.yml\njobs:\n\tx: 1\n";
    let (_, standing, diagnostics) = found("a: app", files);
    assert_eq!(standing.deployed[0].name, "app");
    let places: Vec<_> =
        diagnostics.iter().map(|d| (d.path.as_deref().unwrap_or(""), d.line.unwrap_or(0))).collect();
    for place in [("Dockerfile", 3), (".github/workflows/x.yml", 2)] {
        assert!(places.contains(&place), "{places:?}");
    }
    assert_eq!(places.iter().filter(|(path, _)| *path == "compose.yml").count(), 1, "{places:?}");
}

#[test]
fn the_configuration_adds_renames_and_drops() {
    let packages = "a: app; b: other; c: third";
    let image = "=== Dockerfile\nFROM x\nENTRYPOINT [\"app\"]\n=== other/Dockerfile\nFROM x\nENTRYPOINT [\"other\"]\n";
    let with = |text: &str| format!("{image}=== split-advisor.toml\n{text}");
    for (text, expected) in [
        ("", "app, other"),
        ("[services]\ndrop = [\"other\"]\n", "app"),
        ("[services.rename]\napp = \"web\"\n", "other, web"),
        ("[[services.add]]\nbinary = \"third\"\nname = \"jobs\"\nrole = \"work\"\n", "app, jobs, other"),
    ] {
        assert_eq!(names(packages, &with(text)), expected, "{text}");
    }
    for (text, line) in [
        ("[services]\ndrop = [\n  \"none\"]\n", 3),
        ("[services]\nadd = [{binary = \"none\"}]\n", 2),
        ("[services.rename]\nnone = \"x\"\n", 2),
        ("[services]\n\nunknown = 1\n", 3),
        ("[other]\n", 1),
        ("x\n", 1),
    ] {
        let (_, standing, diagnostics) = found(packages, &with(text));
        let found: Vec<_> =
            diagnostics.iter().filter(|d| d.code == crate::diagnostic::Code::InvalidConfig).collect();
        assert_eq!(found.first().and_then(|d| d.line), Some(line), "{text}: {diagnostics:?}");
        assert_eq!(standing.deployed.len(), 2, "{text}");
    }
}

#[test]
fn other_forms_name_programs() {
    let packages = "a: app; b: other; c: third";
    let image = "=== Dockerfile\nFROM rust AS b\nCOPY . .\nRUN cargo build --workspace\nFROM x\nCOPY --from=b /target/debug /bin\n";
    for (files, expected) in [
        // Bake gives the image its name, Kubernetes starts it.
        (
            "=== docker-bake.hcl\ntarget \"all\" {\n  tags = [\"org/all:1\"]\n}\n=== k8s/x.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      \
             containers:\n        - name: main\n          image: registry.example/org/all:2\n          command: [other]\n          args: [serve]\n",
            "other (shop)",
        ),
        ("=== deploy/shop.service\n[Service]\nExecStart=/usr/bin/third --x\n", "third (shop)"),
        ("=== Procfile\nweb: ./target/release/app\n", "app (web)"),
        (
            "=== fly.toml\napp = \"shop\"\n[processes]\nweb = \"app serve\"\njobs = \"app work\"\n",
            "app serve (shop web), app work (shop jobs)",
        ),
        (
            "=== infra/main.tf\nresource \"aws_lambda_function\" \"x\" {\n  filename = \"../target/lambda/app/bootstrap.zip\"\n}\n",
            "app",
        ),
        ("=== ci/services.json\n[\"app\", \"third\"]\n", "app, third"),
        (
            "=== ci/services.json\n{\"services\": [{\"name\": \"other\"}, {\"name\": \"third\"}]}\n",
            "other, third",
        ),
        ("=== ci/services.json\n[\"app\", \"somebody\"]\n", "nothing"),
        (
            "=== package-manifest.toml\n[package.x]\nsource.binary_names = [\"other\"]\nother = [\"app\"]\n",
            "other",
        ),
        // Charts and kustomizations name images by what they are pushed as.
        (
            "=== docker-bake.hcl\ntarget \"all\" {\n  tags = [\"org/all:1\"]\n}\n=== charts/shop/values.yaml\nimage: {repository: org/all}\nargs: [app]\njobs:\n  \
             image: {repository: org/all}\n  command: [third]\n",
            "app (shop), third (jobs)",
        ),
        (
            "=== docker-bake.hcl\ntarget \"all\" {\n  tags = [\"org/all:1\"]\n}\n=== k8s/kustomization.yaml\nnamePrefix: eu-\nresources: [x.yaml]\nimages: [{name: app, newName: org/all}]\n\
             === k8s/x.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {spec: {containers: [{name: main, image: app, command: [other]}]}}}\n",
            "other (eu-shop)",
        ),
        (
            "=== .gitlab-ci.yml\nship:\n  parallel:\n    matrix:\n      - BIN: [app, other]\n  script:\n    - cargo build --bin $BIN\n    - aws s3 cp target/debug/$BIN s3://x\n",
            "app, other",
        ),
        ("=== justfile\nship bin:\n  cargo lambda deploy app\n", "app"),
        ("=== Makefile\npush:\n\tcargo build --bin third && scp target/debug/third host:\n", "third"),
        ("=== chart/templates/x.yaml\ncommand: {{ app }}\n", "nothing"),
    ] {
        let files = if files.contains("bake") { format!("{image}{files}") } else { files.to_owned() };
        assert_eq!(names(packages, &files), expected, "{files}");
    }
    let (_, _, diagnostics) = found(packages, "=== chart/templates/x.yaml\ncommand: {{ app }}\n");
    assert!(diagnostics[0].message.contains("Helm"), "{diagnostics:?}");
}

#[test]
fn a_variable_with_several_values_in_a_file_chooses_a_role() {
    let image = "=== Dockerfile\nFROM rust AS b\nCOPY . .\nRUN cargo build --bin app\nFROM x\nCOPY --from=b /target/debug/app /bin/\n\
                 ENTRYPOINT [\"app\"]\n";
    let compose = |one: &str, two: &str| {
        format!(
            "{image}=== compose.yml\nservices:\n  one:\n    build: .\n    environment: {{{one}}}\n  two:\n    build: .\n    environment: {{{two}}}\n"
        )
    };
    let one = |one: &str, two: &str| names("a: app", &compose(one, two));
    assert_eq!(
        one("NODE_ROLE: indexer", "NODE_ROLE: searcher"),
        "app NODE_ROLE=indexer (one), app NODE_ROLE=searcher (two)"
    );
    assert_eq!(
        one("MODE: production, ROLE: a", "MODE: production, ROLE: b"),
        "app ROLE=a (one), app ROLE=b (two)"
    );
    // One value says nothing, and where it is left out there is the program as it is.
    assert_eq!(one("MODE: production", "MODE: production"), "app (one two)");
    assert_eq!(one("DATABASE_URL: a", "DATABASE_URL: b"), "app (one two)");
    // What stands in another file is another system.
    let staging = compose("ROLE: a", "ROLE: a").replace("=== Dockerfile", "=== x/Dockerfile");
    let staging =
        staging.replace("compose.yml", "x/compose.yml").replace("one:", "eins:").replace("two:", "zwei:");
    assert_eq!(
        names("a: app", &format!("{}{staging}", compose("ROLE: b", "ROLE: b"))),
        "app (eins one two zwei)"
    );
}

#[test]
fn containers_of_kubernetes_choose_by_variables() {
    let pod = |name: &str, role: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec: {{template: {{spec: {{containers: \
             [{{name: main, image: org/app, command: [app], env: [{{name: ROLE, value: {role}}}]}}]}}}}}}\n"
        )
    };
    let files = format!("=== k8s/x.yaml\n{}{}", pod("api", "web"), pod("jobs", "worker"));
    assert_eq!(names("a: app", &files), "app ROLE=web (api), app ROLE=worker (jobs)");
}

#[test]
fn builds_in_any_way_and_services_of_any_profile_count() {
    let packages = "a: app; b: other";
    for (build, at) in [
        ("cargo auditable build --release --bin app", "target/release/app"),
        (
            "cargo zigbuild --release --target x86_64-unknown-linux-musl --bin app",
            "target/x86_64-unknown-linux-musl/release/app",
        ),
        ("cargo install --path a --root /out", "/out/bin/app"),
        ("cargo chef cook --release && cargo build --profile dist -p a", "target/dist/app"),
        ("cd a && cargo build --target-dir /t", "/t/debug/app"),
        ("cargo build --manifest-path a/Cargo.toml", "target/debug/app"),
    ] {
        let files = format!(
            "=== Dockerfile\nFROM rust AS b\nWORKDIR /src\nCOPY . .\nRUN {build}\nFROM x\nCOPY --from=b {} /bin/app\nCMD [\"app\"]\n",
            if at.starts_with('/') { at.to_owned() } else { format!("/src/{at}") }
        );
        assert_eq!(names(packages, &files), "app", "{build}");
    }
    let compose = "=== Dockerfile\nFROM rust AS b\nCOPY . .\nRUN cargo build --bin app\nFROM x\nCOPY --from=b /target/debug/app /bin/\n\
                   CMD [\"app\"]\n=== compose.yml\nservices:\n  web:\n    build: .\n    profiles: [full]\n  jobs:\n    extends: web\n    command: app work\n";
    assert_eq!(names(packages, compose), "app (web), app work (jobs)");
}

#[test]
fn a_link_to_a_program_is_a_role_of_it() {
    let packages = "a: app";
    let image = "=== Dockerfile\nFROM rust AS b\nCOPY . .\nRUN cargo build --bin app\nFROM x\nCOPY --from=b /target/debug/app /usr/bin/app\n\
                 RUN ln -s /usr/bin/app /usr/bin/web && ln -s /usr/bin/app /usr/bin/worker && cp /usr/bin/app /usr/bin/copy\n";
    let compose = |commands: [&str; 2]| {
        let [one, two] = commands;
        format!(
            "{image}=== compose.yml\nservices:\n  one: {{build: ., command: [{one}]}}\n  two: {{build: ., command: [{two}]}}\n"
        )
    };
    assert_eq!(names(packages, &compose(["/usr/bin/web", "worker"])), "app web (one), app worker (two)");
    assert_eq!(names(packages, &compose(["app", "copy"])), "app (one two)");
}

#[test]
fn how_long_a_deploy_takes_is_said_by_name_or_assumed() {
    let packages = "a: app; b: other";
    let procfile = "=== Procfile\nweb: app\njobs: other\n";
    let seconds = |files: &str| {
        let (_, standing, diagnostics) = found(packages, files);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        ["app", "other"].map(|name| standing.deploy_s(name)).map(|of| (of.seconds, of.assumed))
    };
    assert_eq!(seconds(procfile), [(120.0, true), (120.0, true)]);
    let own = format!("{procfile}=== split-advisor.toml\n[services.deploy]\napp = 30\n");
    assert_eq!(seconds(&own), [(30.0, false), (120.0, true)]);
    let all = format!("{own}default = 60.5\n");
    assert_eq!(seconds(&all), [(30.0, false), (60.5, false)]);
}
