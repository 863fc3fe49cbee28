//! What a plan's boundaries need, named: members, tests, build scripts, paths that users keep.

use crate::discover::Repository;
use crate::ids::MemberId;
use crate::plan::{
    BoundaryEdit, BoundaryEditKind, BuildScriptNeed, FacadePath, OtherPath, Plan, TestMove, TestSupport,
};
use crate::report::model::{
    FacadePathReport, MovedPathReport, OtherPathReport, PlaceReport, TestMoveReport, TestSupportReport,
    WideningReport,
};
use crate::resolve::{ReExport, Resolution, Taker, Visibility};

/// A member by its type: `app::low::Advice::m0`; by the `impl` where the type is from elsewhere.
pub(in crate::report) fn member(
    resolution: &Resolution,
    id: MemberId,
    own: WideningReport,
) -> WideningReport {
    let member = &resolution.members[id];
    let item = &resolution.items[member.item];
    let of = item.imp.as_ref().and_then(|header| header.self_item).unwrap_or(member.item);
    WideningReport {
        item: format!("{}::{}", resolution.items[of].path, member.name),
        line: member.line,
        ..own
    }
}

/// The visibility of what becomes `pub`, as it is written: `private` where nothing is.
pub(in crate::report) fn written_visibility(resolution: &Resolution, edit: &BoundaryEdit) -> Option<String> {
    let BoundaryEditKind::Widen { re_export, member, .. } = &edit.kind else { return None };
    let item = &resolution.items[*edit.items.first()?];
    let (visibility, module) = match (re_export, member) {
        (Some(place), _) => {
            let here = |r: &&ReExport| (r.module, r.line) == (place.module, place.line);
            (resolution.re_exports.iter().find(here)?.visibility, place.module)
        }
        (None, Some(member)) => (resolution.members[*member].visibility, item.module),
        (None, None) => (item.visibility, item.module),
    };
    let Visibility::Within(within) = visibility else { return Some("pub".to_owned()) };
    Some(match &resolution.modules[within] {
        _ if within == module => "private".to_owned(),
        around if around.parent.is_none() => "pub(crate)".to_owned(),
        _ if resolution.modules[module].parent == Some(within) => "pub(super)".to_owned(),
        around => match around.path.split_once("::") {
            Some((_, path)) => format!("pub(in crate::{path})"),
            None => "pub(crate)".to_owned(),
        },
    })
}

pub(in crate::report) fn test_move(resolution: &Resolution, plan: &Plan, test: &TestMove) -> TestMoveReport {
    let item = &resolution.items[test.item];
    TestMoveReport {
        item: item.path.clone(),
        file: resolution.files[item.file].path.clone(),
        line: item.line,
        end_line: item.end_line,
        from_crate: plan.crates[test.from].name.clone(),
        to_crate: plan.crates[test.to].name.clone(),
        lines: test.lines.clone(),
        cause: test.cause,
    }
}

/// `named` says what it is about.
pub(in crate::report) fn test_support(
    plan: &Plan,
    support: &TestSupport,
    named: WideningReport,
) -> TestSupportReport {
    TestSupportReport {
        item: named.item,
        file: named.file,
        line: named.line,
        from_crate: plan.crates[support.from].name.clone(),
        users: support.users.iter().map(|&user| plan.crates[user].name.clone()).collect(),
        references: support.references,
        to_crate: support.to.map(|to| plan.crates[to].name.clone()),
        bound: support.bound,
        needs_above: support.needs_above,
    }
}

pub(in crate::report) fn build_script(
    resolution: &Resolution,
    plan: &Plan,
    need: &BuildScriptNeed,
) -> MovedPathReport {
    MovedPathReport {
        file: resolution.files[need.file].path.clone(),
        line: need.line,
        call: need.call.clone(),
        krate: plan.crates[need.krate].name.clone(),
    }
}

pub(in crate::report) fn facade(
    (repository, resolution): (&Repository, &Resolution),
    kept: &FacadePath,
) -> FacadePathReport {
    let item = &resolution.items[kept.item];
    FacadePathReport {
        path: kept.path.clone(),
        file: resolution.files[item.file].path.clone(),
        line: item.line,
        users: kept.users.iter().map(|&user| repository.packages[user].name.clone()).collect(),
        references: kept.references,
    }
}

pub(in crate::report) fn other_path(
    resolution: &Resolution,
    plan: &Plan,
    path: &OtherPath,
) -> OtherPathReport {
    let place = |taker: &Taker| PlaceReport {
        file: resolution.files[resolution.items[taker.item].file].path.clone(),
        line: taker.line,
    };
    OtherPathReport {
        name: format!("{}::{}", resolution.modules[path.module].path, path.name),
        write: path.write.clone(),
        krate: plan.crates[path.krate].name.clone(),
        places: path.places.iter().map(place).collect(),
    }
}
