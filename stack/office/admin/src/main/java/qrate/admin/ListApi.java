package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import qrate.apply.Pieces;
import qrate.core.Address;
import qrate.core.Slice;
import qrate.directory.Change;
import qrate.directory.EditableDirectory;
import qrate.directory.Json;
import qrate.directory.Refusal;
import qrate.directory.Shapes;
import qrate.lists.ListSet;

/// Mailing lists, below `/api/v1/lists` and in their domains: for whoever administers the domain.
final class ListApi {
    private static final String LIST = "/api/v1/lists/{address}";
    private static final String MEMBERS = LIST + "/members";
    private static final String EXACT = "exact";
    private static final String FORCE = "force";
    private static final String SET = "set";
    private static final String ADDRESSES = "addresses";

    private static final List<String> TEXTS = List.of("owner", "prefix", "rewrite_from");

    /// Names that a declared state has, by the API's.
    private static final Map<String, String> NAMES = names();

    private final PieceActs acts;

    ListApi(PieceActs acts) {
        this.acts = acts;
    }

    void register(Router router) {
        router.add("GET", "/api/v1/domains/{domain}/lists", Access.DOMAIN, CollectionApi.PARTS, this::all);
        router.add("GET", LIST, Access.DOMAIN, this::one);
        router.add("PUT", LIST, Access.DOMAIN, new Takes(Set.of(PieceActs.CHECK, EXACT), NAMES.keySet()), this::make);
        router.add("DELETE", LIST, Access.DOMAIN, Takes.query(FORCE), this::remove);
        Set<String> people = Set.of(SET, ADDRESSES);
        router.add("POST", MEMBERS, Access.DOMAIN, new Takes(Set.of(PieceActs.CHECK), people), this::add);
        router.add("DELETE", MEMBERS, Access.DOMAIN, new Takes(Set.of(PieceActs.CHECK), people), this::leave);
    }

    private static Map<String, String> names() {
        List<String> names = new ArrayList<>(TEXTS);
        names.addAll(Pieces.settings());
        names.add("one_click");
        names.addAll(ListSet.words());
        Map<String, String> all = new LinkedHashMap<>();
        names.forEach(name -> all.put(Shapes.spelled(name), name));
        return Collections.unmodifiableMap(all);
    }

    private EditableDirectory directory(Request request) {
        return PieceActs.as(acts.domains(), request);
    }

    /// The list in a path, by the name of its domain that is no alias.
    private String address(Request request) throws IOException {
        Address address = Address.of(request.path("address"));
        return address.local() + "@" + acts.domains().real(address.domain());
    }

    private static Map<String, Object> shape(String address, Map<String, Object> list) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("address", address);
        NAMES.forEach((there, here) -> shape.put(there, list.get(here)));
        return shape;
    }

    private static Reply missing() {
        return Api.reply(Change.refuse(Refusal.Key.LIST_MISSING));
    }

    private Reply all(Request request) throws IOException {
        Optional<EditableDirectory.Domain> domain = acts.domains().domain(request.path("domain"));
        if (domain.isEmpty()) {
            return Api.reply(Change.refuse(Refusal.Key.LIST_DOMAIN_MISSING));
        }
        String real = acts.domains().real(domain.get().name());
        Slice.Part<String> part = Paging.ofProgram(request)
                .of(acts.pieces().lists(directory(request), real).iterator());
        List<Map<String, Object>> shapes = new ArrayList<>();
        for (String address : part.rows()) {
            acts.pieces().list(directory(request), address).ifPresent(list -> shapes.add(shape(address, list)));
        }
        return CollectionApi.part(
                request,
                "/api/v1" + Pages.pathOf("domains", real) + "/lists",
                new Slice.Part<>(shapes, part.earlier(), part.later(), part.all()),
                new CollectionApi.Look<>(Function.identity(), list -> String.valueOf(list.get("address"))));
    }

    private Reply one(Request request) throws IOException {
        String address = address(request);
        return acts.pieces()
                .list(directory(request), address)
                .<Reply>map(list -> new Reply.Data(200, shape(address, list)))
                .orElseGet(ListApi::missing);
    }

    /// What a body says of a list; a member of another kind is refused by its name.
    private static Map<String, Object> said(Map<String, Object> body) throws IOException {
        Map<String, Object> said = new LinkedHashMap<>();
        for (Map.Entry<String, String> name : NAMES.entrySet()) {
            String member = name.getKey();
            if (body.containsKey(member)) {
                boolean people = ListSet.of(name.getValue()).isPresent();
                said.put(
                        name.getValue(),
                        people
                                ? ControlApi.texts(body, member)
                                : TEXTS.contains(name.getValue())
                                        ? Json.text(body, member)
                                        : Json.truth(body, member, false));
            }
        }
        return said;
    }

    private Reply make(Request request) throws IOException {
        String address = address(request);
        Map<String, Object> said = Api.body(request, ListApi::said);
        boolean exact = PieceActs.truth(request, EXACT);
        return acts.answer(request, mode -> acts.pieces().make(directory(request), address, said, exact, mode));
    }

    private Reply remove(Request request) throws IOException {
        String address = address(request);
        boolean force = PieceActs.truth(request, FORCE);
        return acts.answer(request, _ -> acts.pieces().remove(directory(request), address, force));
    }

    /// Addresses for one of a list's sets.
    private record People(ListSet set, List<String> addresses) {
        static People of(Request request) throws Api.BadBody {
            return Api.body(request, body -> {
                ListSet set = ListSet.of(Json.text(body, SET, ListSet.SUBSCRIBERS.word()))
                        .orElseThrow(
                                () -> new IOException(SET + ": must be one of " + String.join(", ", ListSet.words())));
                return new People(set, ControlApi.texts(body, ADDRESSES));
            });
        }
    }

    private Reply add(Request request) throws IOException {
        String address = address(request);
        People people = People.of(request);
        if (acts.pieces().list(directory(request), address).isEmpty()) {
            return missing();
        }
        return acts.answer(
                request,
                mode -> acts.pieces()
                        .make(directory(request), address, Map.of(people.set.word(), people.addresses), false, mode));
    }

    private Reply leave(Request request) throws IOException {
        String address = address(request);
        People people = People.of(request);
        return acts.answer(
                request, mode -> acts.pieces().leave(directory(request), address, people.set, people.addresses, mode));
    }
}
