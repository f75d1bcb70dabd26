package qrate.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.NewMailbox;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;

/// Mailboxes of a domain as comma-separated values: all of them out, without passwords; and many new ones in, which is
/// looked at first, line by line, and then done for all of them or for none.
final class CsvPages {
    private static final String PAGE = "/domains/{domain}/csv";
    private static final String TEXT = "text";
    private static final String ADDRESS = "address";
    private static final String PASSWORD = "password";

    private final Domains domains;
    private final Sessions sessions;
    private final RandomPassword passwords = new RandomPassword(new SecureRandom());

    CsvPages(Domains domains, Sessions sessions) {
        this.domains = domains;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.DOMAIN, r -> page(r, new Shown(200, Said.NOTHING, List.of(), false)));
        router.add("POST", PAGE, Access.DOMAIN, this::in);
        router.add("GET", "/domains/{domain}/mailboxes.csv", Access.DOMAIN, this::out);
    }

    /// A line of what came in.
    ///
    /// @param address of the mailbox to be made, in the form in which it is asked for
    /// @param password that was made for it; empty for one that was typed, and before anything is done
    /// @param problem why it cannot be
    record Row(int line, String address, String password, Said problem) {
        boolean bad() {
            return !problem.equals(Said.NOTHING);
        }
    }

    /// What the page shows.
    ///
    /// @param done whether the rows were made
    private record Shown(int status, Said problem, List<Row> rows, boolean done) {}

    private Reply page(Request request, Shown shown) throws IOException {
        Optional<EditableDirectory.Domain> domain = domains.domain(domains.real(request.path("domain")));
        if (domain.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String name = domain.get().name();
        PageLayout frame =
                PageLayout.of(Said.of("csv-title", name), request, sessions.csrf(request.session()), shown.problem);
        if (shown.done) {
            return new Reply.Page(200, frame, Reply.PAGES.csvdone(frame, name, shown.rows));
        }
        boolean ready = shown.status == 200 && !shown.rows.isEmpty();
        return new Reply.Page(shown.status, frame, Reply.PAGES.csv(frame, name, shown.rows, request.form(TEXT), ready));
    }

    private Reply out(Request request) throws IOException {
        if (domains.domain(request.path("domain")).isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        List<String> names = new ArrayList<>(List.of(ADDRESS));
        names.addAll(columns().keySet());
        StringBuilder text = new StringBuilder(Csv.line(names));
        for (EditableDirectory.Mailbox mailbox : domains.mailboxes(request.path("domain"))) {
            List<String> fields = new ArrayList<>(List.of(mailbox.address()));
            for (Property property : columns().values()) {
                fields.add(property.said(mailbox.value(property)).toString());
            }
            text.append(Csv.line(fields));
        }
        return new Reply.Text(200, "text/csv; charset=utf-8; header=present", text.toString());
    }

    private static Map<String, Property> columns() {
        Map<String, Property> columns = new LinkedHashMap<>();
        Arrays.stream(Property.values()).forEach(one -> columns.put(one.word(), one));
        return columns;
    }

    private Reply in(Request request) throws IOException {
        return switch (Csv.parse(request.form(TEXT))) {
            case Csv.Parsed.Bad(int line, Csv.Trouble trouble) ->
                page(
                        request,
                        new Shown(400, Said.of("csv-bad", line, said(trouble)).at(TEXT), List.of(), false));
            case Csv.Parsed.Good(List<Csv.Line> lines) -> in(request, lines);
        };
    }

    private static Said said(Csv.Trouble trouble) {
        return switch (trouble) {
            case QUOTE -> Said.of("csv-quote");
            case FIELD -> Said.of("csv-field", Csv.FIELD_CHARS_MAX);
            case FIELDS -> Said.of("csv-fields", Csv.FIELDS_MAX);
            case LINES -> Said.of("csv-lines", Csv.LINES_MAX - 1);
        };
    }

    private Reply in(Request request, List<Csv.Line> lines) throws IOException {
        List<String> names = lines.isEmpty()
                ? List.of()
                : lines.getFirst().fields().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList();
        for (String name : names) {
            if (!name.equals(ADDRESS) && !name.equals(PASSWORD) && !columns().containsKey(name)) {
                return page(request, new Shown(400, Said.of("csv-column", name).at(TEXT), List.of(), false));
            }
        }
        if (!names.contains(ADDRESS)
                || lines.size() < 2
                || names.stream().distinct().count() != names.size()) {
            return page(request, new Shown(400, Said.of("csv-header").at(TEXT), List.of(), false));
        }
        String domain = domains.real(request.path("domain"));
        List<Wanted> wanted = new ArrayList<>();
        for (Csv.Line line : lines.subList(1, lines.size())) {
            wanted.add(wanted(line, names, domain));
        }
        return in(request, wanted, request.form().containsKey("sure"));
    }

    /// What a line asks for.
    ///
    /// @param mailbox to be made
    /// @param made its password, where that was made here, or empty
    /// @param problem what is wrong with the line itself
    private record Wanted(int line, NewMailbox mailbox, String made, Said problem) {}

    private Wanted wanted(Csv.Line line, List<String> names, String domain) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < Math.min(names.size(), line.fields().size()); i++) {
            fields.put(names.get(i), line.fields().get(i).strip());
        }
        String text = fields.getOrDefault(ADDRESS, "");
        String address = text.indexOf('@') < 0 ? text + "@" + domain : text;
        String typed = fields.getOrDefault(PASSWORD, "");
        String password = typed.isEmpty() ? passwords.next() : typed;
        Map<Property, Object> values = new EnumMap<>(Property.class);
        Said problem = line.fields().size() > names.size() ? Said.of("csv-more") : Said.NOTHING;
        if (!domain.equalsIgnoreCase(address.substring(address.lastIndexOf('@') + 1))) {
            problem = Said.of("csv-elsewhere", address);
        }
        for (Map.Entry<String, Property> column : columns().entrySet()) {
            String said = fields.getOrDefault(column.getKey(), "");
            Optional<Object> value = value(column.getValue(), said);
            value.ifPresent(found -> values.put(column.getValue(), found));
            if (!said.isEmpty() && value.isEmpty()) {
                problem = Said.of("csv-value", column.getKey(), said);
            }
        }
        NewMailbox mailbox = new NewMailbox(new Edit.AddMailbox(address, new Password.Clear(password)), values);
        return new Wanted(line.number(), mailbox, typed.isEmpty() ? password : "", problem);
    }

    private static Optional<Object> value(Property property, String said) {
        if (said.isEmpty()) {
            return Optional.empty();
        }
        return switch (property.kind()) {
            case TEXT, LANGUAGE, ADDRESS -> Optional.of(said);
            case QUOTA -> Quota.typed(said).map(quota -> quota);
            case FLAG ->
                switch (said.toLowerCase(Locale.ROOT)) {
                    case "true", "yes", "1" -> Optional.of(true);
                    case "false", "no", "0" -> Optional.of(false);
                    default -> Optional.empty();
                };
        };
    }

    /// Looks at what is wanted, and does it where somebody has looked before and all of it can be done.
    private Reply in(Request request, List<Wanted> wanted, boolean sure) throws IOException {
        boolean sound = wanted.stream().allMatch(one -> one.problem.equals(Said.NOTHING));
        boolean look = !sure || !sound;
        List<Change> outcomes = domains.as(request.actor())
                .addAll(wanted.stream().map(Wanted::mailbox).toList(), look);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Wanted one = wanted.get(i);
            Said problem = outcomes.get(i) instanceof Change.Refused refused && one.problem.equals(Said.NOTHING)
                    ? Said.of(refused)
                    : one.problem;
            String address = one.mailbox.edit().address().toLowerCase(Locale.ROOT);
            rows.add(new Row(one.line, address, look ? "" : one.made, problem));
        }
        boolean good = rows.stream().noneMatch(Row::bad);
        return page(
                request,
                new Shown(
                        good ? 200 : 400,
                        good ? Said.NOTHING : Said.of("csv-nothing").at(TEXT),
                        rows,
                        good && !look));
    }
}
