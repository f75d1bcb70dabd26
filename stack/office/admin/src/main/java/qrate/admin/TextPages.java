package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Refusal;
import qrate.language.Language;
import qrate.wordings.Phrase;

/// What a domain's people are written, in its own words: pages for its postmaster, the same for this system and its
/// administrators, and both in the REST API.
final class TextPages {
    private static final String OF_DOMAIN = "/domains/{domain}/texts";
    private static final String OF_SYSTEM = "/texts";
    private static final String ONE = "/{name}/{language}";
    private static final String TEXT = "text";
    private static final String LANGUAGE = "language";

    private final Domains domains;
    private final Sessions sessions;

    TextPages(Domains domains, Sessions sessions) {
        this.domains = domains;
        this.sessions = sessions;
    }

    void register(Router router) {
        register(router, OF_DOMAIN, Access.DOMAIN);
        register(router, OF_SYSTEM, Access.ADMIN);
    }

    private void register(Router router, String path, Access access) {
        router.add("GET", path, access, r -> all(r, 200, Said.NOTHING));
        router.add("POST", path, access, this::speak);
        router.add("GET", path + ONE, access, this::edit);
        router.add("POST", path + ONE, access, this::save);
        String api = "/api/v1" + path;
        router.add("GET", api, access, this::read);
        router.add("PUT", api, access, Takes.body(LANGUAGE), this::putLanguage);
        router.add("GET", api + ONE, access, this::readOne);
        router.add("PUT", api + ONE, access, Takes.body(TEXT), r -> put(r, Api.text(r, TEXT)));
        router.add("DELETE", api + ONE, access, r -> put(r, ""));
    }

    /// One text in one language.
    private record Named(Phrase wording, Language language) {
        static Optional<Named> of(Request request) {
            Optional<Phrase> wording = Phrase.of(request.path("name"));
            Optional<Language> language = Language.spelled(request.path(LANGUAGE));
            return wording.isPresent() && language.isPresent()
                    ? Optional.of(new Named(wording.get(), language.get()))
                    : Optional.empty();
        }

        Edit.SetText say(String domain, String text) {
            return new Edit.SetText(domain, wording, language, text);
        }
    }

    /// A text as a row.
    ///
    /// @param path of its pages, without the language
    /// @param own the languages in which it has words of its own
    record Row(Phrase wording, String path, List<Language> own) {}

    /// What a form shows.
    ///
    /// @param text with its placeholders
    /// @param own whether these are words of its own
    /// @param preview empty where the text cannot be sent
    record Form(Phrase wording, Language language, String text, boolean own, String preview) {}

    private static String path(String domain) {
        return domain.isEmpty() ? OF_SYSTEM : Pages.pathOf("domains", domain) + OF_SYSTEM;
    }

    private PageLayout frame(Request request, Said title, Said problem) {
        return PageLayout.of(title, request, sessions.csrf(request.session()), problem);
    }

    private Reply all(Request request, int status, Said problem) throws IOException {
        Optional<OwnWords> words = OwnWords.of(domains, request);
        if (words.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String domain = words.get().domain();
        List<Row> rows = new ArrayList<>();
        for (Phrase wording : Phrase.values()) {
            List<Language> own = List.of(Language.values()).stream()
                    .filter(language -> words.get().has(wording, language))
                    .toList();
            rows.add(new Row(wording, path(domain) + "/" + wording.word(), own));
        }
        PageLayout frame = frame(request, domain.isEmpty() ? Said.of("texts") : Said.as(domain), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.texts(frame, domain, path(domain), words.get().own().language(), rows));
    }

    private Reply speak(Request request) throws IOException {
        String domain = domains.real(request.path("domain"));
        Change change = domains.apply(new Edit.SetLanguage(domain, request.form(LANGUAGE)), request.actor());
        return Pages.after(change, path(domain) + "?done=saved", (s, p) -> all(request, s, p));
    }

    private Reply edit(Request request) throws IOException {
        return page(request, 200, Said.NOTHING, Optional.empty());
    }

    /// @param typed what stands in the form, where it is not what counts
    private Reply page(Request request, int status, Said problem, Optional<String> typed) throws IOException {
        Optional<OwnWords> found = OwnWords.of(domains, request);
        Optional<Named> named = Named.of(request);
        if (found.isEmpty() || named.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        OwnWords words = found.get();
        Phrase wording = named.get().wording;
        Language language = named.get().language;
        String text = typed.orElseGet(() -> words.text(wording, language));
        String preview = wording.problem(text).isEmpty() ? words.preview(wording, text) : "";
        PageLayout frame = frame(request, Said.of("text-" + wording.word()), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.text(
                        frame,
                        words.domain(),
                        path(words.domain()),
                        new Form(wording, language, text, words.has(wording, language), preview),
                        new Sheet(
                                language,
                                "",
                                words.preview(wording, "{address}").strip(),
                                "••••••••",
                                "",
                                preview)));
    }

    /// Saves, goes back to what is built in, or shows what it will look like.
    private Reply save(Request request) throws IOException {
        Optional<Named> named = Named.of(request);
        if (named.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String typed = request.form(TEXT).replace("\r\n", "\n");
        if (request.form("act").equals("preview")) {
            Optional<Refusal> refusal = Refusal.of(named.get().wording, typed);
            return page(
                    request,
                    refusal.isEmpty() ? 200 : 400,
                    refusal.map(why -> Said.of(new Change.Refused(why))).orElse(Said.NOTHING),
                    Optional.of(typed));
        }
        String domain = domains.real(request.path("domain"));
        boolean back = request.form("act").equals("built-in");
        if (!back && typed.isBlank()) {
            return page(
                    request,
                    400,
                    Said.of(new Change.Refused(Refusal.of(Refusal.Key.TEXT_LETTERS))),
                    Optional.of(typed));
        }
        Change change = domains.apply(named.get().say(domain, back ? "" : typed), request.actor());
        String next = path(domain) + "/" + named.get().wording.word() + "/"
                + named.get().language.tag();
        return Pages.after(change, next + "?done=saved", (s, p) -> page(request, s, p, Optional.of(typed)));
    }

    private Reply read(Request request) throws IOException {
        Optional<OwnWords> words = OwnWords.of(domains, request);
        return words.isEmpty()
                ? new Reply.Data(404, Api.MISSING)
                : new Reply.Data(200, words.get().own().shape());
    }

    private Reply putLanguage(Request request) throws IOException {
        return Api.reply(domains.apply(
                new Edit.SetLanguage(request.path("domain"), Api.text(request, LANGUAGE)), request.actor()));
    }

    private Reply readOne(Request request) throws IOException {
        Optional<OwnWords> words = OwnWords.of(domains, request);
        Optional<Named> named = Named.of(request);
        if (words.isEmpty() || named.isEmpty()) {
            return words.isEmpty()
                    ? new Reply.Data(404, Api.MISSING)
                    : Api.reply(Change.refuse(Refusal.Key.TEXT_MISSING));
        }
        Phrase wording = named.get().wording;
        String text = words.get().text(wording, named.get().language);
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", wording.word());
        shape.put(LANGUAGE, named.get().language.tag());
        shape.put(TEXT, text);
        shape.put("own", words.get().has(wording, named.get().language));
        shape.put(
                "placeholders",
                wording.placeholders().stream().map(one -> one.word()).toList());
        shape.put("preview", words.get().preview(wording, text));
        return new Reply.Data(200, shape);
    }

    private Reply put(Request request, String text) throws IOException {
        Optional<Named> named = Named.of(request);
        return named.isEmpty()
                ? Api.reply(Change.refuse(Refusal.Key.TEXT_MISSING))
                : Api.reply(domains.apply(named.get().say(request.path("domain"), text), request.actor()));
    }
}
