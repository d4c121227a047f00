"""Whether fuzzing sees a guard that is gone: `python -m tests.fuzz.guards [NAME ...]`, some minutes for all of them.

Each guard of the table is taken out of a copy of the checkout, and the target that should fail runs there, for a minute at most.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

ROOT = Path(__file__).parents[2]
#: Of the checkout, what the targets need.
_NEEDED = ("autograde", "helpers", "notebooks", "tests", "pyproject.toml")
#: Seconds after which a target that was asked for a minute of examples hangs in one of them.
_PATIENCE = 150
#: Runs pytest with the first example that fails as it is: nobody reads it, and making it smaller takes minutes.
_RUN = (
    "import resource, sys, pytest; from hypothesis import Phase, settings; "
    "resource.setrlimit(resource.RLIMIT_AS, (8 << 30,) * 2); "  # what a guard bounds may be memory
    "settings.register_profile('first', phases=[Phase.generate]); settings.load_profile('first'); "
    "sys.exit(pytest.main(sys.argv[1:]))"
)

# Hypothesis is loaded before pytest, which would warn of that.
_OPTIONS = ("-q", "-x", "--tb=line", "-W", "ignore::pytest.PytestAssertRewriteWarning")


@dataclass(frozen=True)
class Guard:
    """Some code that keeps bad input out, what stands there when it is gone, and the target that should fail then.

    target: file and function in tests/fuzz/; the file alone when several of its tests may see it.
    """

    name: str
    file: str
    text: str
    instead: str
    target: str


@dataclass(frozen=True)
class Tried:
    """What became of a target without a guard. how: the last that it said."""

    guard: Guard
    seen: bool
    seconds: float
    how: str

    @property
    def line(self) -> str:
        """The same for people."""
        seen, target = "seen" if self.seen else "NOT SEEN", self.guard.target.partition("::")[2]
        return f"{self.guard.name:32} {seen:8} {self.seconds:4.0f} s  {target}: {self.how[:120]}"


_LZMA = "if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):"
_RECEIPT_STATES = "if state not in STATES or seen not in"
_TAGS = "texts = dict.fromkeys(_whole(tag) for tag in tags if isinstance(tag, str))"
_OF_ONE_KIND = 'own["bit_generator"] == state["bit_generator"] and "inc" in own["state"]'
_SIMPLE = """\
    try:
        text = _Simple().of(text)
    except ValueError:
        return f"<pre>{html.escape(text)}</pre>"
"""
_ONLY_STYLES = '    text = re.sub(r"(?is)<style\\b.*?</style\\s*>", "", text)\n'

GUARDS = (
    # --- archives, folders, names
    Guard(
        "archive-leads-out",
        "autograde/archives.py",
        'if {"", "..", "."} & set(parts) or "\\0" in path or parts[0].endswith(":"):',
        "if False:",
        "test_archives.py::test_members_are_named_within_and_never_larger_than_asked_for",
    ),
    Guard(
        "archive-long-name",
        "autograde/archives.py",
        "if len(path) > LONGEST_NAME:",
        "if False:",
        "test_archives.py::test_members_are_named_within_and_never_larger_than_asked_for",
    ),
    Guard(
        "archive-size",
        "autograde/archives.py",
        "while size < limit and (part := member.read(min(_CHUNK, limit - size))):",
        "while part := member.read(_CHUNK):",
        "test_archives.py::test_members_are_named_within_and_never_larger_than_asked_for",
    ),
    Guard(
        "archive-other-methods",
        "autograde/archives.py",
        _LZMA,
        "if False:",
        "test_archives.py::test_members_are_named_within_and_never_larger_than_asked_for",
    ),
    Guard(
        "archive-too-deep",
        "autograde/incoming.py",
        "if depth == archives.DEEPEST_NESTING:",
        "if False:",
        "test_archives.py::test_what_is_collected_lies_in_a_students_folder",
    ),
    Guard(
        "archive-bomb",
        "autograde/incoming.py",
        "content = entry.read(largest + 1)",
        "content = entry.read(1 << 40)",
        "test_archives.py::test_what_is_collected_lies_in_a_students_folder",
    ),
    Guard(
        "finding-printable",
        "autograde/findings.py",
        "return printable(f\"{self.student}{'/' if self.student and self.file else ''}{self.file}: {self.problem}\")",
        "return f\"{self.student}{'/' if self.student and self.file else ''}{self.file}: {self.problem}\"",
        "test_archives.py::test_what_is_collected_lies_in_a_students_folder",
    ),
    Guard(
        "findings-table",
        "autograde/findings.py",
        "writer.writerow([plain(printable(text)) for text in row])",
        "writer.writerow(row)",
        "test_archives.py::test_what_is_collected_lies_in_a_students_folder",
    ),
    Guard(
        "student-is-a-folder",
        "autograde/hand_in_names.py",
        "_STUDENT.fullmatch(student) is not None",
        "True",
        "test_archives.py::test_a_name_says_whose_it_is_or_nothing",
    ),
    Guard(
        "student-visible",
        "autograde/hand_in_names.py",
        "if not all(letter.isprintable() or letter in _JOINERS for letter in student):",
        "if False:",
        "test_archives.py::test_a_name_says_whose_it_is_or_nothing",
    ),
    Guard(
        "student-whole-characters",
        "autograde/hand_in_names.py",
        "    if not all(letter.isprintable() or letter in _JOINERS for letter in student):\n        return False\n",
        "",
        "test_found.py::test_half_a_character_is_no_student",
    ),
    Guard(
        "release-names",
        "helpers/bundle.py",
        "if not _NAME.fullmatch(name) or name == RELEASE",
        "if name == RELEASE",
        "test_archives.py::test_an_archive_is_the_release_or_none",
    ),
    Guard(
        "release-digests",
        "helpers/bundle.py",
        "if file_digest(files[name]) != digest:",
        "if False:",
        "test_archives.py::test_an_archive_is_the_release_or_none",
    ),
    Guard(
        "release-size",
        "helpers/bundle.py",
        "return _bounded(member.read(LARGEST_FILE + 1), name)",
        "return member.read()",
        "test_archives.py::test_an_archive_is_the_release_or_none",
    ),
    Guard(
        "release-version",
        "helpers/bundle.py",
        "if not isinstance(release.version, str) or not _VERSION.fullmatch(release.version):",
        "if not _VERSION.fullmatch(release.version):",
        "test_found.py::test_a_version_that_is_no_text_is_none",
    ),
    # --- notebooks
    Guard(
        "notebook-whole-characters",
        "autograde/notebook_file.py",
        r'return _HALF_A_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)',
        "return text",
        "test_notebooks.py::test_what_is_handed_in_is_refused_or_put_in_order",
    ),
    Guard(
        "notebook-too-deep",
        "autograde/notebook_file.py",
        "except RecursionError:",
        "except ZeroDivisionError:",
        "test_notebooks.py::test_what_is_handed_in_is_refused_or_put_in_order",
    ),
    Guard(
        "notebook-absurd-number",
        "autograde/notebook_file.py",
        "except ValueError:  # a number of thousands of digits",
        "except ZeroDivisionError:",
        "test_notebooks.py::test_what_is_handed_in_is_refused_or_put_in_order",
    ),
    Guard(
        "notebook-tags",
        "autograde/notebook_file.py",
        f'{_TAGS}\n        cell.metadata["tags"] = [tag for tag in texts if tag and "," not in tag]',
        'cell.metadata["tags"] = [_whole(tag) for tag in tags if isinstance(tag, str)]',
        "test_found.py::test_tags_that_are_none_are_left_out",
    ),
    Guard(
        "given-cells",
        "autograde/repair.py",
        "if is_solution(original):",
        "if True:",
        "test_notebooks.py::test_what_is_handed_in_is_refused_or_put_in_order",
    ),
    Guard(
        "ids-are-unique",
        "autograde/repair.py",
        "while not name or name in taken:",
        "while not name:",
        "test_notebooks.py::test_what_is_handed_in_is_refused_or_put_in_order",
    ),
    Guard(
        "weights-are-no-path",
        "helpers/course_notebook.py",
        "if _WEIGHTS.fullmatch(str(name))",
        "if name",
        "test_notebooks.py::test_a_students_folder_is_read",
    ),
    Guard(
        "points-overflow",
        "helpers/course_notebook.py",
        "AttributeError, OverflowError, RecursionError",
        "AttributeError, RecursionError",
        "test_found.py::test_points_beyond_all_numbers_are_a_damaged_notebook",
    ),
    Guard(
        "second-answer",
        "helpers/merge.py",
        "if same or not _edited(cell, name, released, before):",
        "if True:",
        "test_notebooks.py::test_nothing_that_was_written_is_lost_in_an_update",
    ),
    Guard(
        "changed-given-cell",
        "helpers/merge.py",
        "if was is not None and there != was:",
        "if False:",
        "test_notebooks.py::test_nothing_that_was_written_is_lost_in_an_update",
    ),
    Guard(
        "update-backup",
        "helpers/update.py",
        "        if change.keep:\n            _back_up(root, change, version)\n",
        "",
        "test_updates.py::test_an_update_changes_the_folder_alone_and_loses_nothing",
    ),
    Guard(
        "update-earlier-backup",
        "helpers/update.py",
        'path.open("xb")',
        'path.open("wb")',
        "test_updates.py::test_an_update_changes_the_folder_alone_and_loses_nothing",
    ),
    Guard(
        "update-new-notebook",
        "helpers/update.py",
        " and all(map(_is_whole, cells))",
        "",
        "test_updates.py::test_an_update_changes_the_folder_alone_and_loses_nothing",
    ),
    Guard(
        "update-new-notebook-found",
        "helpers/update.py",
        " and all(map(_is_whole, cells))",
        "",
        "test_found.py::test_a_release_whose_notebook_is_none_changes_nothing",
    ),
    Guard(
        "update-names",
        "helpers/bundle.py",
        "if not _NAME.fullmatch(name) or name == RELEASE",
        "if name == RELEASE",
        "test_updates.py::test_an_update_changes_the_folder_alone_and_loses_nothing",
    ),
    Guard(
        "update-own-changes",
        "helpers/update.py",
        "keep = was is not None and file_digest(was) != old.files.get(name)",
        "keep = False",
        "test_updates.py::test_an_update_changes_the_folder_alone_and_loses_nothing",
    ),
    Guard(
        "merge-half-characters",
        "helpers/merge.py",
        '.encode(errors="replace")',
        ".encode()",
        "test_found.py::test_half_a_character_in_a_text_is_no_end_of_an_update",
    ),
    Guard(
        "carry-no-python",
        "helpers/carry.py",
        "except (SyntaxError, ValueError, RecursionError, MemoryError):",
        "except SyntaxError:",
        "test_found.py::test_a_cell_that_no_parser_takes_is_left_out",
    ),
    Guard(
        "carry-too-deep",
        "helpers/carry.py",
        "except (OSError, ValueError, KeyError, TypeError, RecursionError):",
        "except (OSError, ValueError, KeyError, TypeError):",
        "test_found.py::test_a_notebook_nested_too_deeply_cannot_be_carried_from",
    ),
    Guard(
        "definitions-too-deep",
        "autograde/definitions.py",
        "except RecursionError:  # thousands of terms in one expression",
        "except ZeroDivisionError:",
        "test_found.py::test_an_expression_too_deep_to_look_through_is_unclear",
    ),
    Guard(
        "definitions-too-deep-fuzzed",
        "autograde/definitions.py",
        "except RecursionError:  # thousands of terms in one expression",
        "except ZeroDivisionError:",
        "test_notebooks.py::test_text_of_any_kind_says_what_it_defines_or_that_it_does_not",
    ),
    Guard(
        "no-ipython",
        "autograde/plan.py",
        "contextlib.suppress(Exception)",
        "contextlib.suppress()",
        "test_found.py::test_what_ipython_cannot_take_is_left_as_it_is",
    ),
    # --- pages
    Guard(
        "html-too-much",
        "autograde/markdown.py",
        _SIMPLE,
        _ONLY_STYLES,
        "test_found.py::test_a_little_html_does_not_become_a_lot",
    ),
    Guard(
        "html-elements",
        "autograde/markdown.py",
        "if len(self._open) > _DEEPEST or self._elements > _MOST_ELEMENTS:",
        "if False:",
        "test_found.py::test_a_little_html_does_not_become_a_lot",
    ),
    Guard(
        "links",
        "autograde/markdown.py",
        'return value.startswith(("https://", "http://", "mailto:", "#"))',
        "return True",
        "test_pages.py::test_markdown_and_html_of_students_stay_inert",
    ),
    Guard(
        "pictures-are-in-the-page",
        "autograde/markdown.py",
        'return value.startswith("data:image/")',
        "return True",
        "test_pages.py::test_markdown_and_html_of_students_stay_inert",
    ),
    Guard(
        "formula-elements",
        "autograde/markdown.py",
        'if name not in _ELEMENTS or _COMMAND.search(element.text or ""):',
        "if False:",
        "test_pages.py::test_formulas_stay_inert",
    ),
    Guard(
        "formula-links",
        "autograde/markdown.py",
        'if any(key.startswith(("on", *_LINKS)) for key in element.attrib):',
        "if False:",
        "test_pages.py::test_formulas_stay_inert",
    ),
    Guard(
        "page-text",
        "autograde/feedback.py",
        "Markup('<pre class=\"{}\">{}</pre>').format(kind, _printable(text))",
        "Markup(f'<pre class=\"{kind}\">{_printable(text)}</pre>')",
        "test_pages.py::test_a_page_runs_and_fetches_nothing",
    ),
    Guard(
        "page-html",
        "autograde/feedback.py",
        "return Markup(inert(content))",
        "return Markup(content)",
        "test_pages.py::test_a_page_runs_and_fetches_nothing",
    ),
    Guard(
        "page-much-markdown",
        "autograde/feedback.py",
        'left -= sum(len(output.get("data", {}).get(mime, "")) for mime in _PARSED)',
        "pass",
        "test_found.py::test_a_page_shows_no_end_of_markdown",
    ),
    Guard(
        "picture-comments",
        "autograde/redraw.py",
        "plain.info.clear()",
        "pass",
        "test_pages.py::test_a_picture_is_drawn_anew_or_not_at_all",
    ),
    Guard(
        "picture-pixels",
        "autograde/redraw.py",
        "if picture.width * picture.height > _MOST_PIXELS:",
        "if False:",
        "test_pages.py::test_a_picture_is_drawn_anew_or_not_at_all",
    ),
    # --- what is told: receipts, marks, rosters, pictures
    Guard(
        "receipt-states",
        "autograde/receipt_file.py",
        _RECEIPT_STATES,
        "if seen not in",
        "test_told.py::test_a_receipt_is_read_or_not_and_changes_no_mark",
    ),
    Guard(
        "receipt-too-deep",
        "autograde/receipt_file.py",
        "except (ValueError, RecursionError):",
        "except ValueError:",
        "test_told.py::test_a_receipt_is_read_or_not_and_changes_no_mark",
    ),
    Guard(
        "result-too-deep",
        "autograde/jobs.py",
        "TypeError, AttributeError, RecursionError):",
        "TypeError, AttributeError):",
        "test_found.py::test_kept_results_nested_too_deeply_are_damaged",
    ),
    Guard(
        "record-too-deep",
        "autograde/record.py",
        "TypeError, AttributeError, RecursionError) as error:",
        "TypeError, AttributeError) as error:",
        "test_found.py::test_kept_results_nested_too_deeply_are_damaged",
    ),
    Guard(
        "mark-too-high",
        "autograde/hand_marks.py",
        "if points > maximum:",
        "if False:",
        "test_told.py::test_marks_that_are_entered_are_of_the_scale",
    ),
    Guard(
        "mark-below-none",
        "autograde/hand_marks.py",
        "if points < 0:",
        "if False:",
        "test_told.py::test_marks_that_are_entered_are_of_the_scale",
    ),
    Guard(
        "mark-no-number",
        "autograde/hand_marks.py",
        "if type(points) not in (int, float) or not math.isfinite(points):",
        "if type(points) not in (int, float):",
        "test_told.py::test_marks_that_are_entered_are_of_the_scale",
    ),
    Guard(
        "comment-whole-characters",
        "autograde/hand_marks.py",
        " or _HALF_A_CHARACTER.search(comment)",
        "",
        "test_found.py::test_a_comment_that_no_database_holds_is_no_comment",
    ),
    Guard(
        "comment-whole-characters-fuzzed",
        "autograde/hand_marks.py",
        " or _HALF_A_CHARACTER.search(comment)",
        "",
        "test_told.py::test_marks_that_are_entered_are_of_the_scale",
    ),
    Guard(
        "tables-no-formulas",
        "autograde/lms.py",
        "return [plain(printable(cell)) for cell in cells]",
        "return list(cells)",
        "test_told.py::test_a_roster_is_read_or_refused_and_tables_are_inert",
    ),
    Guard(
        "roster-csv",
        "autograde/roster.py",
        "except csv.Error as error:",
        "except ZeroDivisionError as error:",
        "test_told.py::test_a_roster_is_read_or_refused_and_tables_are_inert",
    ),
    Guard(
        "kept-picture-by-its-looks",
        "autograde/pictures.py",
        "if base64.b64decode(text, validate=True).startswith(begins) else None",
        "",
        "test_told.py::test_kept_pictures_are_pictures_or_nothing",
    ),
    # --- weights
    Guard(
        "weights-compressed",
        "helpers/weights.py",
        "if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):",
        "if False:",
        "test_weights.py::test_a_two_layer_network_is_whole_or_refused",
    ),
    Guard(
        "weights-size-of-an-array",
        "helpers/weights.py",
        "        or dtype.itemsize * int(np.prod(shape, dtype=object)) != len(content) - stream.tell()\n",
        "",
        "test_weights.py::test_a_two_layer_network_is_whole_or_refused",
    ),
    Guard(
        "weights-finite",
        "helpers/weights.py",
        "    _check_finite(file, params)\n",
        "",
        "test_weights.py::test_a_two_layer_network_is_whole_or_refused",
    ),
    Guard(
        "weights-dimensions",
        "helpers/weights.py",
        "        or len(shape) > _MOST_DIMENSIONS\n",
        "",
        "test_found.py::test_an_array_that_numpy_cannot_make_is_none",
    ),
    Guard(
        "weights-letters-of-no-size",
        "helpers/weights.py",
        "        or not dtype.itemsize\n",
        "",
        "test_found.py::test_an_array_that_numpy_cannot_make_is_none",
    ),
    Guard(
        "weights-names-are-text",
        "helpers/weights.py",
        "OSError, EOFError, ValueError, NotImplementedError",
        "OSError, EOFError, NotImplementedError",
        "test_found.py::test_a_name_in_an_archive_that_is_no_text_is_none",
    ),
    Guard(
        "model-finite",
        "helpers/weights.py",
        "    _check_finite(file.name, arrays)\n",
        "",
        "test_weights.py::test_a_model_fits_its_class_or_is_refused",
    ),
    Guard(
        "model-mean-and-scale",
        "helpers/weights.py",
        'if mean is None or mean.ndim != 1 or not 0 < scale < float("inf"):',
        "if mean is None:",
        "test_weights.py::test_a_model_fits_its_class_or_is_refused",
    ),
    Guard(
        "model-overflow",
        "helpers/weights.py",
        "TypeError, OverflowError, RecursionError",
        "TypeError, RecursionError",
        "test_weights.py::test_a_model_fits_its_class_or_is_refused",
    ),
    Guard(
        "model-settings-have-names",
        "helpers/weights.py",
        " or not all(type(name) is str for name in settings)",
        "",
        "test_found.py::test_settings_have_names",
    ),
    Guard(
        "model-impossible-shapes",
        "helpers/weights.py",
        'RecursionError, RuntimeError):\n        raise WrongType(f"{file.name} is no file of tensors',
        'RecursionError):\n        raise WrongType(f"{file.name} is no file of tensors',
        "test_found.py::test_tensors_that_pytorch_cannot_make_are_none",
    ),
    # --- a candidate that lies
    Guard(
        "wire-classes",
        "autograde/wire.py",
        "if not self._classes(found):",
        "if False:",
        "test_wire.py::test_a_malformed_value_is_a_wire_error_and_nothing_else",
    ),
    Guard(
        "wire-too-deep",
        "autograde/wire.py",
        "if type(message) is not list or depth > _DEEPEST + 1:",
        "if type(message) is not list:",
        "test_wire.py::test_a_malformed_value_is_a_wire_error_and_nothing_else",
    ),
    Guard(
        "wire-kinds-of-arrays",
        "autograde/wire.py",
        "if kind.kind not in _KINDS or kind.itemsize > _LARGEST_ITEMSIZE:",
        "if False:",
        "test_wire.py::test_a_malformed_value_is_a_wire_error_and_nothing_else",
    ),
    Guard(
        "wire-truth-values",
        "autograde/wire.py",
        "return (np.frombuffer(content, dtype=np.uint8) != 0).tobytes()",
        "return content",
        "test_wire.py::test_a_malformed_value_is_a_wire_error_and_nothing_else",
    ),
    Guard(
        "wire-malformed",
        "autograde/wire.py",
        "except Exception as error:",
        "except ZeroDivisionError as error:",
        "test_wire.py::test_a_malformed_value_is_a_wire_error_and_nothing_else",
    ),
    Guard(
        "wire-dimensions",
        "autograde/wire.py",
        "if len(shape) > _MOST_DIMENSIONS or any(",
        "if any(",
        "test_found.py::test_dimensions_have_an_end",
    ),
    Guard(
        "session-classes",
        "autograde/session.py",
        "return Decoder(read, noting.note if noting else lambda _: None, is_value_type).decode(message)",
        "return Decoder(read, noting.note if noting else lambda _: None).decode(message)",
        "test_wire.py::test_a_lying_candidate_ends_itself_and_nobody_else",
    ),
    Guard(
        "session-names",
        "autograde/session.py",
        "found = {name: told[name] for name in names if name in told}",
        "found = dict(told)",
        "test_wire.py::test_a_lying_candidate_ends_itself_and_nobody_else",
    ),
    Guard(
        "session-change-of-nothing",
        "autograde/session.py",
        "if not 0 <= number < len(values):",
        "if False:",
        "test_wire.py::test_a_lying_candidate_ends_itself_and_nobody_else",
    ),
    Guard(
        "session-answers",
        "autograde/session.py",
        " or not _row(*_MESSAGES[kind])(message[1:])",
        "",
        "test_found.py::test_an_answer_that_is_none_ends_the_conversation",
    ),
    Guard(
        "session-numbers-of-objects",
        "autograde/session.py",
        '            if type(number) is not int:\n                raise WireError("a malformed value")\n',
        "",
        "test_found.py::test_an_answer_that_is_none_ends_the_conversation",
    ),
    Guard(
        "session-no-names",
        "autograde/session.py",
        '        if type(told) is not dict:\n            raise self._lied(WireError("no names"))\n',
        "        told = plain_mapping(told)\n",
        "test_found.py::test_names_that_are_none_end_the_conversation",
    ),
    Guard(
        "session-long-exceptions",
        "autograde/proxies.py",
        "[value[:LONGEST_TEXT] if isinstance(value, str) else value for value in told]",
        "told",
        "test_found.py::test_an_exception_says_no_more_than_can_be_shown",
    ),
    Guard(
        "session-message",
        "autograde/session.py",
        "kind = message[0] if type(message) is list and message else None",
        "kind = message[0] if message else None",
        "test_found.py::test_a_message_is_a_list",
    ),
    Guard(
        "ledger-arrays",
        "autograde/ledger.py",
        "isinstance(now, np.ndarray) and _alike(value, now):\n        value[...] = now",
        "isinstance(now, np.ndarray) and value.shape == now.shape:\n        value[...] = now.astype(value.dtype, copy=False)",
        "test_found.py::test_what_changes_keeps_its_kind",
    ),
    Guard(
        "ledger-tensors",
        "autograde/ledger.py",
        "isinstance(now, torch.Tensor) and _alike(value, now)",
        "isinstance(now, torch.Tensor) and value.shape == now.shape",
        "test_found.py::test_what_changes_keeps_its_kind",
    ),
    Guard(
        "ledger-generators-of-one-kind",
        "autograde/ledger.py",
        _OF_ONE_KIND,
        '"inc" in own["state"]',
        "test_found.py::test_a_generator_stays_of_its_kind",
    ),
    Guard(
        "ledger-streams",
        "autograde/ledger.py",
        'if not same or state["state"]["inc"] != own["state"]["inc"]:',
        "if not same:",
        "test_wire.py::test_a_lying_candidate_ends_itself_and_nobody_else",
    ),
    Guard(
        "outputs-budget",
        "autograde/shown.py",
        "if size > budget:",
        "if False:",
        "test_wire.py::test_outputs_are_nbformats_and_within_their_bounds",
    ),
    Guard(
        "outputs-text",
        "autograde/shown.py",
        'return value if type(value) is str else ""',
        "return value",
        "test_wire.py::test_outputs_are_nbformats_and_within_their_bounds",
    ),
)


def broken(guard: Guard, root: Path = ROOT) -> str:
    """The file of a guard without it. Raises ValueError when its text does not stand there once."""
    content = (root / guard.file).read_text(encoding="utf-8")
    times = content.count(guard.text)
    if times != 1:
        raise ValueError(f"{guard.name}: its text stands {times} times in {guard.file}, and should once.")
    return content.replace(guard.text, guard.instead)


def attempt(guard: Guard) -> Tried:
    """Run a guard's target without it, in a copy. Raises ValueError as `broken` does, and when the target cannot be run at all."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for part in _NEEDED:
            taken = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            taken(ROOT / part, copy / part)
        (copy / guard.file).write_text(broken(guard), encoding="utf-8")
        command = [sys.executable, "-c", _RUN, *_OPTIONS, f"tests/fuzz/{guard.target}"]
        began = time.monotonic()
        try:
            ended = subprocess.run(
                command,
                cwd=copy,
                env=os.environ | {"FUZZ_MINUTES": "1", "COLUMNS": "200"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=_PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return Tried(guard, True, time.monotonic() - began, "no end")
        seconds = time.monotonic() - began
        if ended.returncode < 0:
            return Tried(guard, True, seconds, f"ended by signal {-ended.returncode}")
        said = [line for line in ended.stdout.splitlines() if line.startswith("FAILED ")]
        if ended.returncode > 1 or ended.returncode != len(said):  # it could not be collected, or not even begun
            raise ValueError(f"{guard.name}: {guard.target} cannot be run.\n{ended.stdout}")
        return Tried(guard, ended.returncode == 1, seconds, said[0].partition(" - ")[2] if said else "")


def main(arguments: list[str] | None = None) -> int:
    """Try the guards of these names, or all. Returns 1 when one was not seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.guards", description=__doc__.partition(":")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a guard, or how some begin; all of them")
    asked = parser.parse_args(arguments).names
    chosen = [guard for guard in GUARDS if not asked or guard.name.startswith(tuple(asked))]
    if not chosen:
        parser.error(f"there is no guard {asked[0]}. There are: {', '.join(guard.name for guard in GUARDS)}")
    tried = []
    for guard in tqdm(chosen, unit="guard"):
        try:
            tried.append(attempt(guard))
        except ValueError as problem:
            tqdm.write(str(problem), file=sys.stderr)
            return 1
        tqdm.write(tried[-1].line)
    unseen = sum(not one.seen for one in tried)
    print(f"{len(tried) - unseen} of {len(tried)} guards were seen to be gone.")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
