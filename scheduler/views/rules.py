"""The rules: what each says and why, and how an organisation has set it."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler import i18n
from scheduler.errors import InvalidInput, NotAllowed, NotFound
from scheduler.forms.rules import ExceptionForm, RuleForm, exception_form, rule_form
from scheduler.queries.paging import matching
from scheduler.queries.rule_choices import (
    ExceptionRow,
    RuleBook,
    RuleRow,
    exception_places,
    list_organisations,
    load_rule_book,
)
from scheduler.security import access, current_scope
from scheduler.services import rule_choices as service
from scheduler.views.lists import number_asked, words_asked

blueprint = Blueprint("rules", __name__)


@blueprint.get("/rules")
@access("coordinator", "administrator", "manager", "clinician")
def index() -> ResponseReturnValue:
    """List the rules and goals as an organisation has set them."""
    scope = current_scope()
    organisations = list_organisations(scope)
    if not organisations:
        raise NotFound()
    book = load_rule_book(scope, number_asked("organisation", organisations[0][0]) or 0)
    find, rule_id = words_asked(), request.args.get("rule", "")
    return render_template(
        "rules/index.html",
        book=book,
        organisations=organisations,
        rules=_found(book.rules, find, rule_id),
        goals=_found(book.goals, find, rule_id),
        find=find,
        is_filtered=bool(find or rule_id),
    )


@blueprint.get("/organisations/<int:organisation_id>/rules/<rule_id>")
@access("coordinator", "administrator")
def edit(organisation_id: int, rule_id: str) -> ResponseReturnValue:
    """Show one rule with the form to set it."""
    book, row = _find(organisation_id, rule_id)
    return _page(book, row, rule_form(row, formdata=None))


@blueprint.post("/organisations/<int:organisation_id>/rules/<rule_id>")
@access("coordinator", "administrator")
def save(organisation_id: int, rule_id: str) -> ResponseReturnValue:
    """Set a rule for the whole organisation."""
    book, row = _find(organisation_id, rule_id)
    form = rule_form(row)
    if not form.validate():
        return _page(book, row, form, status=422)
    return _saved(book, row, form, None)


@blueprint.get("/organisations/<int:organisation_id>/rules/<rule_id>/exceptions/new")
@access("coordinator", "administrator")
def new_exception(organisation_id: int, rule_id: str) -> ResponseReturnValue:
    """Show the form for an exception."""
    book, row = _find(organisation_id, rule_id)
    return _page(book, row, exception_form(row, exception_places(organisation_id), None, formdata=None))


@blueprint.post("/organisations/<int:organisation_id>/rules/<rule_id>/exceptions/new")
@access("coordinator", "administrator")
def add_exception(organisation_id: int, rule_id: str) -> ResponseReturnValue:
    """Add an exception."""
    book, row = _find(organisation_id, rule_id)
    form = exception_form(row, exception_places(organisation_id), None)
    if not form.validate():
        return _page(book, row, form, status=422)
    return _saved(book, row, form, None)


@blueprint.get("/organisations/<int:organisation_id>/rules/<rule_id>/exceptions/<int:choice_id>")
@access("coordinator", "administrator")
def edit_exception(organisation_id: int, rule_id: str, choice_id: int) -> ResponseReturnValue:
    """Show the form for an exception that is there."""
    book, row, chosen = _find_exception(organisation_id, rule_id, choice_id)
    return _page(book, row, exception_form(row, exception_places(organisation_id), chosen, formdata=None), chosen)


@blueprint.post("/organisations/<int:organisation_id>/rules/<rule_id>/exceptions/<int:choice_id>")
@access("coordinator", "administrator")
def save_exception(organisation_id: int, rule_id: str, choice_id: int) -> ResponseReturnValue:
    """Change an exception."""
    book, row, chosen = _find_exception(organisation_id, rule_id, choice_id)
    form = exception_form(row, exception_places(organisation_id), chosen)
    if not form.validate():
        return _page(book, row, form, chosen, status=422)
    return _saved(book, row, form, chosen)


@blueprint.post("/organisations/<int:organisation_id>/rules/<rule_id>/exceptions/<int:choice_id>/remove")
@access("coordinator", "administrator")
def remove_exception(organisation_id: int, rule_id: str, choice_id: int) -> ResponseReturnValue:
    """Take an exception back."""
    service.remove_exception(
        actor=current_scope(), organisation_id=organisation_id, rule_id=rule_id, choice_id=choice_id
    )
    flash(_("The exception is taken back. Drafts were judged again."))
    return redirect(url_for("rules.edit", organisation_id=organisation_id, rule_id=rule_id), code=303)


def _found(rows: Iterable[RuleRow], find: str, rule_id: str) -> list[RuleRow]:
    """Give the rules whose words hold what is looked for, or the one that the address names."""
    named = [row for row in rows if rule_id in ("", row.id)]
    return matching(named, find, lambda row: " ".join(i18n.translate(t) for t in (row.title, row.why, row.source)))


def _find(organisation_id: int, rule_id: str) -> tuple[RuleBook, RuleRow]:
    book = load_rule_book(current_scope(), organisation_id)
    row = book.find(rule_id)
    _check_can_edit(book)
    return book, row


def _find_exception(organisation_id: int, rule_id: str, choice_id: int) -> tuple[RuleBook, RuleRow, ExceptionRow]:
    """Give an exception of this organisation; that others have one is not told to whoever may not change it."""
    book = load_rule_book(current_scope(), organisation_id)
    row = book.find(rule_id)
    for one in row.exceptions:
        if one.id == choice_id:
            _check_can_edit(book)
            return book, row, one
    raise NotFound()


def _check_can_edit(book: RuleBook) -> None:
    if not book.can_edit:
        raise NotAllowed(service.NOT_YOURS)


def _saved(book: RuleBook, row: RuleRow, form: RuleForm, chosen: ExceptionRow | None) -> ResponseReturnValue:
    try:
        service.set_rule(
            actor=current_scope(),
            organisation_id=book.organisation_id,
            rule_id=row.id,
            strength=form.chosen_strength,
            weight=form.weight.data,
            params=form.chosen_params,
            concerns=form.concerns if isinstance(form, ExceptionForm) else None,
            choice_id=chosen.id if chosen is not None else None,
        )
    except InvalidInput as error:
        _tell(form, error)
        return _page(book, row, form, chosen, status=error.status)
    flash(_("The rule is set. Drafts were judged again."))
    return redirect(url_for("rules.index", organisation=book.organisation_id), code=303)


def _tell(form: RuleForm, error: InvalidInput) -> None:
    """Put what the service found wrong beside the fields it means."""
    fields: dict[str, Any] = form._fields
    for name, sentence in error.problems.items():
        field = fields.get(name) or fields.get(f"param_{name}")
        if field is None:
            form.form_errors.append(i18n.translate(sentence))
        else:
            field.errors = [*field.errors, i18n.translate(sentence)]


def _page(
    book: RuleBook, row: RuleRow, form: RuleForm, chosen: ExceptionRow | None = None, *, status: int = 200
) -> ResponseReturnValue:
    is_exception = isinstance(form, ExceptionForm)
    in_force = {f"param_{param.name}": param.own if param.chosen is None else param.chosen for param in row.params}
    html = render_template(
        "rules/rule.html",
        book=book,
        rule=row,
        form=form,
        chosen=chosen,
        is_exception=is_exception,
        in_force=in_force,
    )
    return html, status
