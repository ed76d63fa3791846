"""The options of a choice made in the browser."""

from rapport.customers.models import Person
from rapport.engine.records.models import Choice
from rapport.engine.web.tests.making import FIELDS, make_field, page_of, undo_last


class TestOptions:
    """Options are added, renamed, recoloured, moved, retired and brought back."""

    def rows(self, field):
        return [(one.value, one.label, one.colour) for one in self.live(field)]

    def live(self, field):
        return Choice.objects.filter(list=f"people.{field.slug}", deleted_at=None).order_by("position")

    def save(self, admin, field, *options, **pressed):
        data = {f"option.{n}.{part}": text for n, one in enumerate(options) for part, text in one.items()}
        return admin.post(f"{FIELDS}{field.pk}/options", {**data, **pressed}, follow=True)

    def given(self, field):
        return [{"value": v, "label": label, "colour": c} for v, label, c in self.rows(field)]

    def test_adding_renaming_and_colouring(self, admin):
        field = make_field(admin, "choice")
        keen, calm = self.given(field)
        self.save(admin, field, keen | {"label": "Burning"}, calm | {"colour": "good"}, {"label": "New one"})
        assert self.rows(field) == [("very-keen", "Burning", ""), ("calm", "Calm", "good"), ("new-one", "New one", "")]

    def test_moving(self, admin):
        field = make_field(admin, "choice")
        answer = self.save(admin, field, *self.given(field), down="0")
        assert [value for value, _label, _colour in self.rows(field)] == ["calm", "very-keen"]
        undo_last(admin, answer)
        assert [value for value, _label, _colour in self.rows(field)] == ["very-keen", "calm"]

    def test_a_retired_option_stays_on_its_records_and_is_offered_to_none(self, dana, admin, make):
        field = make_field(admin, "choice")
        person = make(dana, "people", name="Amara", x_own="Calm")
        self.save(admin, field, *self.given(field), retire="1")
        assert [value for value, _label, _colour in self.rows(field)] == ["very-keen"]
        assert "Calm" in page_of(admin, f"/people/{person.pk}/")
        assert "Amara" in page_of(admin, "/people/", where="x_own = calm")
        assert "Calm" not in page_of(admin, "/people/new")
        assert 'value="calm" selected' in page_of(admin, f"/people/{person.pk}/edit/x_own")
        self.save(admin, field, *self.given(field), revive="calm", **{"retired.calm": "Calm"})
        assert "Calm" in page_of(admin, "/people/new")

    def test_an_option_without_a_name_is_refused(self, admin):
        field = make_field(admin, "choice")
        answer = self.save(admin, field, self.given(field)[0] | {"label": " "})
        assert answer.status_code == 422
        assert len(self.rows(field)) == 2

    def test_a_default_out_of_the_options(self, admin):
        field = make_field(admin, "choice")
        admin.post(f"{FIELDS}{field.pk}/", {"label": "Own", "default": "calm"})
        admin.post("/people/new", {"name": "Bo"})
        assert Person.objects.get(name="Bo").custom == {"x_own": "calm"}
