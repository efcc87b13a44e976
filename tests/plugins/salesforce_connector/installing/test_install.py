"""Installing: a plan first, a trial before each change, and nothing overwritten."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from goodword import AuthError, InstallStep, RetryableError, SettingsError
from goodword_salesforce import names
from goodword_salesforce.fake import ADMIN, Account, Fake, Fault
from goodword_salesforce.fake.new_org import add_user, put
from goodword_salesforce.install import NOT_SEEN, NOT_WRITABLE, install
from goodword_salesforce.installing.deploy import PATIENCE
from goodword_salesforce.installing.fields import described
from goodword_salesforce.names import FIELDS, INTEGRATION, LIST_VIEW, REP
from goodword_salesforce.package.parts import parts

PLACES = {(owner, each.name) for each in FIELDS for owner in each.objects}
EVERYTHING = len(parts()) + 2  # and two permission sets for somebody
STATUS = "/metadata/deployRequest/*"
GIVE = "/sobjects/PermissionSetAssignment"


def states(steps: dict[str, InstallStep]) -> Counter[str]:
    return Counter(step.state for step in steps.values())


# -- plan


def test_a_plan_names_every_part_and_needs_no_right_to_write(firm: Any) -> None:
    steps = firm.run("plan", read_only=True)
    assert states(steps) == {"to make": EVERYTHING}
    assert steps["field Goodword_Key__c of Activity"].detail == "goodword key, Text(80)"
    assert not firm.writes()


@pytest.mark.promise("salesforce.hidden")
def test_a_plan_says_that_a_field_may_be_there_and_hidden(firm: Any) -> None:
    firm.run("apply")
    firm.fake.store.tables["PermissionSetAssignment"].clear()
    assert "hidden" in firm.run("plan")["field Goodword_Stage__c of Lead"].detail


# -- apply


@pytest.mark.parametrize("admin", [ADMIN, ""])
def test_everything_is_made_and_seen_by_the_integration_user_and_not_made_twice(
    firm: Any, admin: str
) -> None:
    steps = firm.run("apply", admin=admin)
    assert states(steps) == {"made": EVERYTHING}
    assert "page layout" in steps["field Goodword_Outcome__c of Activity"].detail
    assert set(described(firm.host())) == PLACES
    assert [row["DeveloperName"] for row in firm.fake.store.rows("ListView")] == [LIST_VIEW]
    assert firm.having() == {INTEGRATION: 1, REP: 2}
    firm.fake.calls.made.clear()
    again = firm.run("apply", admin=admin)
    assert states(again) == {"there": EVERYTHING}
    assert again == firm.run("plan")
    assert not firm.writes()


def test_a_rep_sees_what_we_write_and_edits_what_only_a_rep_knows(firm: Any) -> None:
    firm.run("apply")
    found = described(firm.host(firm.reps[0].lower()))
    for each in FIELDS:
        for owner in each.objects:
            seen = found.get((owner, each.name))
            assert (seen is None) == (each.rep == "none")
            assert seen is None or seen["updateable"] == (each.rep == "edit")


def test_each_deployment_is_tried_first_and_lost_answers_do_no_harm(firm: Any) -> None:
    lost = Fault(path="/metadata/deployRequest", method="POST", drop=True)
    firm.fake.faults.add(lost)
    assert states(firm.run("apply")) == {"made": EVERYTHING}
    assert lost.seen == 3
    options = [each.options["checkOnly"] for each in firm.fake.org.deploys.values()]
    assert options == [True, False]


def test_a_session_that_ends_half_way_is_renewed(firm: Any) -> None:
    over = Fault(path=STATUS, meanwhile=firm.fake.expire_sessions)
    firm.fake.faults.add(over)
    assert states(firm.run("apply")) == {"made": EVERYTHING}
    assert over.seen


def test_only_what_is_missing_is_deployed_and_their_own_words_stay(firm: Any) -> None:
    firm.run("apply")
    firm.change("Contact", names.STAGE, label="Their own label")
    firm.fake.org.schema.remove("Lead", names.SCORE, firm.clock())
    steps = firm.run("apply")
    assert steps["field Goodword_Score__c of Lead"].state == "made"
    assert firm.field("Contact", names.STAGE).label == "Their own label"
    last = list(firm.fake.org.deploys.values())[-1]
    assert {row["fullName"] for row in last.successes} == {f"Lead.{names.SCORE}", REP, INTEGRATION}


@pytest.mark.promise("salesforce.hidden")
def test_what_was_only_hidden_is_shown_again_and_not_deployed(firm: Any) -> None:
    firm.run("apply")
    firm.fake.store.tables["PermissionSetAssignment"].clear()
    before = len(firm.fake.org.deploys)
    assert set(states(firm.run("apply"))) == {"made", "there"}
    assert len(firm.fake.org.deploys) == before
    assert set(described(firm.host())) == PLACES


@pytest.mark.parametrize(
    ("place", "theirs", "said"),
    [
        (("Contact", names.WHY), {"type": "double"}, "of type double"),
        (("Contact", names.WHY), {"length": 80}, "80 characters"),
        (("Lead", names.SCORE), {"precision": 3, "scale": 2}, "1 digits"),
        (("Contact", names.STAGE), {"picklist": ("like",)}, "lacks the value know"),
        (("Activity", names.KEY), {"unique": False}, "twice"),
        (("Activity", names.KEY), {"external_id": False}, "twice"),
        (("Lead", names.REFERRED_BY), {"refers": ("Account",)}, "than Contact"),
    ],
)
def test_a_field_of_theirs_in_the_way_is_told_and_left(
    firm: Any, place: tuple[str, str], theirs: dict[str, Any], said: str
) -> None:
    firm.run("apply")
    firm.change(*place, **theirs)
    before = firm.field(*place)
    for what in ("plan", "apply"):
        steps = firm.run(what)
        assert states(steps)["conflict"] == 1
        assert said in steps[f"field {place[1]} of {place[0]}"].detail
    assert firm.field(*place) == before


def test_a_trial_that_fails_names_the_part_and_changes_nothing(firm: Any) -> None:
    firm.let_fail(fullName=f"Lead.{names.CLV}", problem="Too many custom\n fields on Lead")
    steps = firm.run("apply")
    found = steps["field Goodword_CLV__c of Lead"]
    assert (found.state, found.detail) == ("conflict", "Too many custom fields on Lead")
    assert "nothing was changed" in steps["field Goodword_CLV__c of Contact"].detail
    assert not firm.fields()
    assert not firm.having()


@pytest.mark.parametrize(
    ("failure", "what", "said"),
    [
        ({"error": "Bad zip file"}, "package", "Bad zip file"),
        ({"fileName": "objects/Lead.object", "problem": "No"}, "objects/Lead.object", "No"),
        ({"problem": "x" * 999}, "package", "x" * 199 + "…"),
    ],
)
def test_a_failure_that_is_about_no_part_is_told_too(
    firm: Any, failure: dict[str, str], what: str, said: str
) -> None:
    firm.let_fail(**failure)
    steps = firm.run("apply")
    assert (steps[what].state, steps[what].detail) == ("conflict", said)
    assert not firm.fields()


def test_who_may_not_deploy_changes_nothing_and_is_told_the_ways_out(
    firm: Any, account: Account
) -> None:
    account.deployers.clear()
    with pytest.raises(AuthError) as caught:
        firm.run("apply")
    assert "install_as" in caught.value.hint
    assert "goodword_salesforce.package" in caught.value.hint
    assert not firm.fields()


def test_an_org_that_never_ends_is_left_after_a_while(firm: Any, account: Account) -> None:
    account.switches = replace(account.switches, deploy_polls=10_000)
    start = firm.clock()
    with pytest.raises(RetryableError, match="still busy"):
        firm.run("apply")
    assert PATIENCE <= firm.clock() - start < PATIENCE + 90


def test_a_field_the_org_hides_or_locks_is_found_before_a_run_finds_it(
    firm: Any, account: Account
) -> None:
    account.hidden.add(("Contact", names.STAGE))
    account.read_only.add(("Lead", names.SCORE))
    steps = firm.run("apply")
    assert steps[f"field {names.STAGE} of Contact"].detail == NOT_SEEN
    assert steps[f"field {names.SCORE} of Lead"].detail == NOT_WRITABLE


def test_a_permission_set_somebody_took_apart_is_put_right(firm: Any) -> None:
    firm.run("apply")
    firm.grants(INTEGRATION)["Contact", names.STAGE] = False
    assert firm.run("plan")[f"permission set {INTEGRATION}"].state == "to make"
    firm.run("apply")
    assert firm.grants(INTEGRATION)["Contact", names.STAGE]
    assert set(states(firm.run("plan"))) == {"there"}


def test_an_admin_who_is_signed_in_elsewhere_installs_nothing(firm: Any, clock: Any) -> None:
    with Fake(Account(), clock) as elsewhere:
        elsewhere.org.sessions.org_id = "00DQy0000000999MAA"
        other = replace(firm, fake=elsewhere)
        visit = replace(firm.visit(), admin=other.host(ADMIN))
        for what in ("plan", "apply", "remove"):
            with pytest.raises(SettingsError, match="install_as"):
                install(visit, what)  # type: ignore[arg-type]
        assert not other.writes()
    assert not firm.writes()


# -- who has what


def test_a_rep_who_is_nobody_here_is_named_by_number_only(firm: Any) -> None:
    add_user(firm.fake.org, "gone@brightroof.example", "A", "Rep", active=False)
    firm.reps = (firm.reps[0], "nobody@brightroof.example", "gone@brightroof.example")
    steps = firm.run("apply")
    found = steps[f"permission set {REP} for reps (1 of 3)"]
    assert found.state == "conflict"
    assert "number 2, 3 of reps" in found.detail
    assert firm.having()[REP] == 1
    assert "brightroof.example" not in str(steps)


def test_without_reps_only_the_integration_user_gets_something(firm: Any) -> None:
    firm.reps = ()
    assert states(firm.run("apply")) == {"made": EVERYTHING - 1}
    assert firm.having() == {INTEGRATION: 1}


def test_somebody_else_giving_the_same_permission_set_is_no_failure(firm: Any) -> None:
    def give() -> None:
        (row,) = (r for r in firm.fake.store.rows("PermissionSet") if r["Name"] == INTEGRATION)
        robot = firm.fake.org.user_id(firm.fake.account.username)
        values = {"PermissionSetId": row["Id"], "AssigneeId": robot}
        put(firm.fake.org, "PermissionSetAssignment", values)

    firm.fake.faults.add(Fault(path=GIVE, method="POST", meanwhile=give))
    assert states(firm.run("apply")) == {"made": EVERYTHING}
    assert firm.having() == {INTEGRATION: 1, REP: 2}


def test_a_permission_set_that_cannot_be_given_is_told(firm: Any) -> None:
    no_more = Fault(path=GIVE, method="POST", times=0, status=400, code="LICENSE_LIMIT_EXCEEDED")
    firm.fake.faults.add(no_more)
    steps = firm.run("apply")
    found = steps[f"permission set {INTEGRATION} for the integration user"]
    assert "LICENSE_LIMIT_EXCEEDED" in found.detail
    assert steps["field Goodword_Stage__c of Contact"].detail == NOT_SEEN
