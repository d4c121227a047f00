"use strict";
// Parts are found by data- attributes, which nothing that a student wrote can have.
(() => {
    const part = (name, root = document) => root.querySelector(`[data-part="${name}"]`);
    const sheet = part("sheet"), form = part("form");
    if (!form) return;
    const points = part("points"), comment = part("comment"), bank = part("bank"), jump = part("jump");
    const place = `marking-sheet-${sheet.dataset.sheet}`;
    const questions = Array.from(document.querySelectorAll("[data-question]"), (section) => ({
        section,
        id: section.dataset.question,
        max: Number(section.dataset.max),
        rows: Array.from(section.querySelectorAll("article[data-key]")),
    }));
    const all = questions.flatMap((question) => question.rows);
    const given = (row) => ({points: row.dataset.points === "" ? null : Number(row.dataset.points), comment: row.dataset.comment});
    const same = (one, other) => one.points === other.points && one.comment === other.comment;

    let kept = true; // whether this browser keeps what is typed
    const state = read() || {
        marks: Object.fromEntries(all.map((row) => [row.dataset.key, given(row)])),
        bank: Object.fromEntries(questions.map(({id, section}) =>
            [id, Array.from(section.querySelectorAll('[data-part="said"]'), (said) => said.dataset.comment)])),
        at: [0, 0],
        saved: "[]",
    };
    let [asked, answer] = state.at;

    function read() {
        try {
            return JSON.parse(localStorage.getItem(place));
        } catch {
            kept = false;
            return null;
        }
    }

    function keep() {
        state.at = [asked, answer];
        try {
            localStorage.setItem(place, JSON.stringify(state));
        } catch {
            kept = false;
        }
        tell();
    }

    const question = () => questions[asked];
    const row = () => question().rows[answer];
    const mark = () => state.marks[row().dataset.key];
    const done = (rows) => rows.filter((each) => state.marks[each.dataset.key].points !== null).length;

    function tell() {
        const one = question();
        part("progress").textContent =
            `${done(all)} of ${all.length} marked, ${done(one.rows)} of ${one.rows.length} of this question`;
        part("kept").textContent = !kept ? "This browser keeps nothing: save before you close."
            : JSON.stringify(saved().marks) === state.saved ? "" : "Not saved as a file yet.";
        questions.forEach(({id, rows}, number) => {
            jump.options[number].textContent = `${id} (${done(rows)} of ${rows.length})`;
        });
    }

    function show() {
        questions.forEach(({section, rows}, number) => {
            section.hidden = number !== asked;
            rows.forEach((each, index) => { each.hidden = number !== asked || index !== answer; });
        });
        const {name} = row().dataset;
        jump.selectedIndex = asked;
        part("where").textContent = `${name}, answer ${answer + 1} of ${question().rows.length}`;
        part("label").textContent = `Points of ${question().max}`;
        points.setAttribute("aria-label", `Points for ${name} in ${question().id}, at most ${question().max}`);
        points.value = mark().points ?? "";
        comment.value = mark().comment;
        refuse("");
        fillBank();
        form.hidden = false;
        window.scrollTo(0, 0);
        if (row().getBoundingClientRect().top > 0.6 * window.innerHeight) row().scrollIntoView();
        toPoints();
        tell();
    }

    function toPoints() {
        points.focus({preventScroll: true});
        points.select();
    }

    function refuse(why) {
        part("problem").textContent = why;
        points.setAttribute("aria-invalid", String(Boolean(why)));
    }

    // What is typed counts at once; what is no mark is not taken, and says why.
    function take() {
        const text = points.value.trim().replace(",", ".");
        const number = text === "" ? null : Number(text);
        if (text !== "" && (!/^\d*\.?\d*$/.test(text) || !Number.isFinite(number) || number > question().max)) {
            refuse(`${points.value} is no number from 0 to ${question().max}. It is not kept.`);
            return false;
        }
        refuse("");
        state.marks[row().dataset.key] = {points: number, comment: comment.value.trim()};
        keep();
        return true;
    }

    function remember() {
        const text = comment.value.trim(), known = state.bank[question().id];
        if (text && !known.includes(text)) known.push(text);
        fillBank();
        keep();
    }

    function fillBank() {
        bank.replaceChildren(...state.bank[question().id].map((text, index) => {
            const item = document.createElement("li"), button = document.createElement("button");
            const number = document.createElement("kbd"), words = document.createElement("span");
            button.type = "button";
            number.textContent = index < 9 ? index + 1 : "·";
            words.textContent = text;
            button.append(number, " ", words);
            button.addEventListener("click", () => use(index));
            item.append(button);
            return item;
        }));
    }

    function use(index) {
        const text = state.bank[question().id][index];
        if (text === undefined) return;
        comment.value = comment.value.trim() ? `${comment.value.trim()}\n${text}` : text;
        take();
        toPoints();
    }

    function forget(index) {
        if (index < 0) return;
        state.bank[question().id].splice(index, 1);
        fillBank();
        keep();
        (bank.querySelectorAll("button")[index] || points).focus();
    }

    function go(toQuestion, toAnswer) {
        if (!take()) return toPoints();
        remember();
        asked = toQuestion;
        answer = toAnswer;
        show();
        keep();
    }

    function step(by) {
        const index = all.indexOf(row()) + by;
        if (index >= 0 && index < all.length) goTo(all[index]);
        else if (take()) refuse(by > 0 ? "This was the last answer. Save the marks: s" : "This is the first answer.");
    }

    function goTo(wanted) {
        const number = questions.findIndex(({rows}) => rows.includes(wanted));
        go(number, questions[number].rows.indexOf(wanted));
    }

    function stepQuestion(by) {
        const number = asked + by;
        if (number >= 0 && number < questions.length) go(number, 0);
    }

    function nextOpen() {
        if (!take()) return;
        const start = all.indexOf(row()) + 1;
        const found = [...all.slice(start), ...all.slice(0, start)].find((each) => state.marks[each.dataset.key].points === null);
        if (found) goTo(found);
        else refuse("Every answer has a mark. Save them: s");
    }

    function saved() {
        const marks = questions.flatMap(({id, rows}) => rows.map((each) => {
            const {key, answer: version, name} = each.dataset;
            return {question: id, student: name, key, answer: version, ...state.marks[key], was: given(each)};
        }));
        return {
            schema: Number(sheet.dataset.schema),
            sheet: sheet.dataset.sheet,
            marks: marks.filter((each) => !same(each, each.was)),
        };
    }

    function save() {
        if (!take()) return;
        remember();
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([JSON.stringify(saved(), null, 1) + "\n"], {type: "application/json"}));
        link.download = "marks.json";
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60000);
        state.saved = JSON.stringify(saved().marks);
        keep();
    }

    const actions = {
        j: () => step(1), ArrowRight: () => step(1), k: () => step(-1), ArrowLeft: () => step(-1),
        n: () => stepQuestion(1), p: () => stepQuestion(-1), u: nextOpen, s: save,
        f: () => { points.value = question().max; take(); toPoints(); },
        c: () => comment.focus(), b: () => bank.querySelector("button")?.focus(),
        m: () => { const model = question().section.querySelector(".help > details:last-child"); model.open = !model.open; },
        ArrowDown: () => window.scrollBy(0, 80), ArrowUp: () => window.scrollBy(0, -80),
        "?": () => part("keys").showModal(),
    };

    document.addEventListener("keydown", (event) => {
        const {key, target} = event;
        if (part("keys").open || event.altKey || event.metaKey || target === jump) return;
        if (target === comment) {
            if (key === "Enter" && event.ctrlKey) step(1);
            else if (key === "Escape") { remember(); toPoints(); }
            else return;
        } else if (event.ctrlKey) {
            return;
        } else if (bank.contains(target) && /^[1-9]$/.test(key)) {
            use(Number(key) - 1);
        } else if (bank.contains(target) && key === "Escape") {
            toPoints();
        } else if (bank.contains(target) && key === "Delete") {
            forget(Array.from(bank.querySelectorAll("button")).indexOf(target));
        } else if (target === points && key === "Enter") {
            step(1);
        } else if (target === points && key === " ") {
            window.scrollBy(0, (event.shiftKey ? -0.8 : 0.8) * window.innerHeight);
        } else if (Object.hasOwn(actions, key)) {
            actions[key]();
        } else {
            if (/^[0-9.,]$/.test(key) && target !== points) toPoints(); // where the digit is typed then
            return;
        }
        event.preventDefault();
    });
    points.addEventListener("input", take);
    comment.addEventListener("input", take);
    comment.addEventListener("change", remember);
    jump.addEventListener("change", () => go(jump.selectedIndex, 0));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("click", (event) => {
        const name = event.target.closest("[data-do]")?.dataset.do;
        if (name) ({previous: () => step(-1), next: () => step(1), open: nextOpen, help: actions["?"], save})[name]();
    });
    show();
})();
