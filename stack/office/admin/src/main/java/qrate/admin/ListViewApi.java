package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Slice;
import qrate.core.Verdict;
import qrate.directory.Change;
import qrate.directory.Json;
import qrate.directory.Refusal;
import qrate.lists.Decisions;
import qrate.lists.ListLook;
import qrate.lists.ListSet;
import qrate.message.MessageText;

/// What is seen of a mailing list by the REST API, a part at a time: who is on it, what waits for a moderator, its
/// archive; and a moderator's decisions.
final class ListViewApi {
    private static final String LIST = "/api/v1/lists/{address}";
    private static final String WAITING = LIST + "/waiting";
    private static final String ARCHIVE = LIST + "/archive";
    private static final String SET = "set";
    private static final String DECISION = "decision";
    private static final String REASON = "reason";

    private final ListViews views;

    ListViewApi(ListViews views) {
        this.views = views;
    }

    void register(Router router) {
        router.add(
                "GET",
                LIST + "/members",
                Access.DOMAIN,
                Takes.query(SET, Paging.QUERY, Paging.AFTER, Paging.BEFORE, Paging.LIMIT),
                r -> seen(r, this::members));
        router.add("GET", WAITING, Access.DOMAIN, r -> seen(r, this::waiting));
        router.add("GET", WAITING + "/{id}", Access.DOMAIN, r -> seen(r, this::post));
        router.add("POST", WAITING + "/{id}", Access.DOMAIN, Takes.body(DECISION, REASON), r -> seen(r, this::decide));
        router.add(
                "GET",
                ARCHIVE,
                Access.DOMAIN,
                new Takes(Set.of(Paging.QUERY, Paging.BEFORE, Paging.LIMIT), Set.of()),
                r -> seen(r, this::archive));
        router.add("GET", ARCHIVE + "/{number}", Access.DOMAIN, r -> seen(r, this::archived));
    }

    /// What is answered about a list that is there.
    @FunctionalInterface
    private interface Seen {
        Reply of(Request request, String address, ListLook look) throws IOException;
    }

    private Reply seen(Request request, Seen seen) throws IOException {
        String address = views.address(request);
        Optional<ListLook> look = views.look(address);
        return look.isEmpty()
                ? Api.reply(Change.refuse(Refusal.Key.LIST_MISSING))
                : seen.of(request, address, look.get());
    }

    private static Reply missing() {
        return new Reply.Data(404, Api.MISSING);
    }

    private Reply members(Request request, String address, ListLook look) throws IOException {
        Slice slice = Paging.ofProgram(request);
        String word = request.form(SET);
        ListSet set = ListSet.of(word.isEmpty() ? ListSet.SUBSCRIBERS.word() : word)
                .orElseThrow(() -> new Api.BadBody(
                        new IOException(SET + ": must be one of " + String.join(", ", ListSet.words()))));
        Slice.Part<ListLook.Person> part = look.people(set, slice);
        List<Map<String, Object>> shapes = new ArrayList<>();
        for (ListLook.Person person : part.rows()) {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("address", person.address());
            shape.put(
                    "bouncedSince",
                    person.bounced().map(b -> b.since().toString()).orElse(""));
            shape.put(
                    "bouncedPosts",
                    person.bounced().map(ListLook.Bounced::posts).orElse(0));
            shape.put("warned", person.bounced().map(ListLook.Bounced::warned).orElse(false));
            shapes.add(shape);
        }
        Map<String, String> links = Paging.links(
                "/api/v1" + Pages.pathOf("lists", address) + "/members",
                Paging.fixed(request, SET, Paging.QUERY, Paging.LIMIT),
                part,
                ListLook.Person::address);
        return new Reply.Data(200, shapes, links);
    }

    private Map<String, Object> shape(String address, ListLook.Waiting post) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("id", post.id());
        shape.put("since", post.since().toString());
        shape.put("sender", post.sender());
        shape.put("bytes", post.bytes());
        shape.put("from", post.about().from());
        shape.put("subject", post.about().subject());
        shape.put(
                "decided",
                views.underWay(address, post.id())
                        .map(decision -> decision.name().toLowerCase(Locale.ROOT))
                        .orElse(""));
        return shape;
    }

    private Reply waiting(Request request, String address, ListLook look) throws IOException {
        return new Reply.Data(
                200, look.waiting().stream().map(post -> shape(address, post)).toList());
    }

    private Reply post(Request request, String address, ListLook look) throws IOException {
        Optional<ListLook.Waiting> post = look.waiting(request.path("id"));
        Optional<MessageText> reading = look.waitingText(request.path("id"));
        if (post.isEmpty() || reading.isEmpty()) {
            return missing();
        }
        Map<String, Object> shape = new LinkedHashMap<>(shape(address, post.get()));
        shape.putAll(shape(reading.get()));
        return new Reply.Data(200, shape);
    }

    private static Map<String, Object> shape(MessageText reading) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("from", reading.from());
        shape.put("to", reading.to());
        shape.put("date", reading.date());
        shape.put("subject", reading.subject());
        shape.put("text", reading.text());
        shape.put("others", reading.others());
        shape.put("cut", reading.cut());
        return shape;
    }

    private Reply decide(Request request, String address, ListLook look) throws IOException {
        Decisions.Decision decision = switch (Api.text(request, DECISION)) {
            case "accept" -> Decisions.Decision.ACCEPT;
            case "reject" -> Decisions.Decision.REJECT;
            default -> throw new Api.BadBody(new IOException(DECISION + ": must be accept or reject"));
        };
        String reason = Api.body(request, body -> Json.text(body, REASON, ""));
        if (reason.length() > Decisions.REASON_CHARS_MAX) {
            throw new Api.BadBody(new IOException(REASON + ": at most " + Decisions.REASON_CHARS_MAX + " characters"));
        }
        Optional<ListLook.Waiting> post = look.waiting(request.path("id"));
        if (post.isEmpty()) {
            return missing();
        }
        Verdict verdict = views.decide(request, look, post.get(), new ListViews.Choice(address, decision, reason));
        return switch (verdict) {
            case Verdict.Delivered _ -> new Reply.Nothing();
            case Verdict.Later _, Verdict.Never _ -> Errors.data(503);
        };
    }

    private Reply archive(Request request, String address, ListLook look) throws IOException {
        String before = request.form(Paging.BEFORE);
        if (!before.matches("[0-9]{0,15}")) {
            throw new Api.BadBody(new IOException(Paging.BEFORE + ": must be the number of a post"));
        }
        long number = before.isEmpty() ? 0 : Long.parseLong(before);
        ListLook.ArchivePart part = look.archive(
                number, Paging.query(request), Paging.ofProgram(request).most());
        List<Map<String, Object>> shapes = new ArrayList<>();
        for (ListLook.Archived post : part.posts()) {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("number", post.number());
            shape.put("bytes", post.bytes());
            shape.put("from", post.about().from());
            shape.put("date", post.about().date());
            shape.put("subject", post.about().subject());
            shapes.add(shape);
        }
        return new Reply.Data(
                200,
                shapes,
                Paging.older(
                        "/api/v1" + Pages.pathOf("lists", address) + "/archive",
                        Paging.fixed(request, Paging.QUERY, Paging.LIMIT),
                        part.next()));
    }

    private Reply archived(Request request, String address, ListLook look) throws IOException {
        String number = request.path("number");
        Optional<MessageText> reading =
                number.matches("[0-9]{1,15}") ? look.archivedText(Long.parseLong(number)) : Optional.empty();
        return reading.<Reply>map(text -> new Reply.Data(200, shape(text))).orElseGet(ListViewApi::missing);
    }
}
