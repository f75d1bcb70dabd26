package qrate.admin;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Shapes;
import qrate.snapshots.Vacation;
import qrate.wordings.Phrase;
import qrate.wordings.Placeholder;
import qrate.wordings.Wordings;

/// What is answered while the owner of a mailbox is away: a page of its own for owner and postmaster, and the same in
/// the REST API. The page speaks of whole days, those of the zone that it names.
final class VacationPages {
    private static final String PAGE = "/mailboxes/{address}/vacation";
    static final String UTC = "UTC";
    private static final String API = "/api/v1" + PAGE;

    private final Domains domains;
    private final Sessions sessions;

    VacationPages(Domains domains, Sessions sessions) {
        this.domains = domains;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.MAILBOX, this::show);
        router.add("POST", PAGE, Access.MAILBOX, this::save);
        router.add("GET", API, Access.MAILBOX, this::get);
        router.add(
                "PUT",
                API,
                Access.MAILBOX,
                Takes.body("on", "from", "until", "days", "subject", "text", "zone"),
                this::put);
    }

    /// What stands in the fields of the form.
    ///
    /// @param from a day as browsers write it (`2026-12-24`), or empty
    /// @param until the last day, or empty
    /// @param zone whose days these are; empty where no day is said yet, which a browser fills with its own
    record Form(boolean on, String from, String until, String days, String subject, String text, String zone) {
        static Form of(Vacation vacation) {
            ZoneId zone = zoneOf(vacation.zone());
            boolean open =
                    vacation.from().equals(Instant.EPOCH) && vacation.until().equals(Instant.EPOCH);
            return new Form(
                    vacation.on(),
                    day(vacation.from(), zone),
                    vacation.until().equals(Instant.EPOCH)
                            ? ""
                            : day(vacation.until().minusMillis(1), zone),
                    Integer.toString(vacation.days()),
                    vacation.subject(),
                    vacation.text(),
                    vacation.zone().isEmpty() && !open ? UTC : vacation.zone());
        }

        /// The zone of a name; UTC for one that this JDK no longer knows.
        private static ZoneId zoneOf(String name) {
            return Vacation.isZone(name) ? ZoneId.of(name) : ZoneOffset.UTC;
        }

        static Form of(Request request) {
            return new Form(
                    request.form().containsKey("on"),
                    request.form("from").strip(),
                    request.form("until").strip(),
                    request.form("days").strip(),
                    request.form("subject").strip(),
                    request.form("text").replace("\r\n", "\n").strip(),
                    request.form("zone").strip());
        }

        private static String day(Instant time, ZoneId zone) {
            return time.equals(Instant.EPOCH)
                    ? ""
                    : time.atZone(zone).toLocalDate().toString();
        }

        /// Empty where a field holds no day or no number.
        Optional<Vacation> read() {
            try {
                ZoneId its = zoneOf(zone);
                return Optional.of(new Vacation(
                        on,
                        from.isEmpty() ? Instant.EPOCH : start(LocalDate.parse(from), its),
                        until.isEmpty()
                                ? Instant.EPOCH
                                : start(LocalDate.parse(until).plusDays(1), its),
                        days.isEmpty() ? Vacation.DAYS : Integer.parseInt(days),
                        subject,
                        text,
                        zone));
            } catch (DateTimeException | NumberFormatException _) {
                return Optional.empty();
            }
        }

        private static Instant start(LocalDate day, ZoneId zone) {
            return day.atStartOfDay(zone).toInstant();
        }
    }

    /// The zones to choose from: places, as people look for them, and none of the old short names.
    static final List<String> ZONES = ZoneId.getAvailableZoneIds().stream()
            .filter(name -> name.contains("/") && !name.startsWith("Etc/") && !name.startsWith("SystemV/"))
            .sorted()
            .toList();

    private Reply show(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        return mailbox.isEmpty()
                ? Errors.page(request, sessions, 404)
                : page(
                        request,
                        200,
                        Said.NOTHING,
                        Form.of(domains.vacation(mailbox.get().address())));
    }

    private Reply page(Request request, int status, Said problem, Form form) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        if (mailbox.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String address = mailbox.get().address();
        boolean own = address.equals(request.name());
        PageLayout frame =
                PageLayout.of(Said.of("vacation-title", address), request, sessions.csrf(request.session()), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.vacation(
                        frame,
                        form,
                        Pages.pathOf("mailboxes", address) + "/vacation",
                        own ? "/account" : Pages.pathOf("mailboxes", address),
                        standard(request, address)));
    }

    /// What is answered where there is no text.
    private String standard(Request request, String address) throws IOException {
        OwnWords words = OwnWords.of(domains, address.substring(address.lastIndexOf('@') + 1));
        return Wordings.filled(
                words.text(Phrase.VACATION_ANSWER, request.language()),
                Phrase.VACATION_ANSWER,
                Map.of(Placeholder.ADDRESS, address));
    }

    private Reply save(Request request) throws IOException {
        Form form = Form.of(request);
        Optional<Vacation> vacation = form.read();
        if (vacation.isEmpty()) {
            return page(request, 400, Said.of("vacation-wrong").at("from"), form);
        }
        Change change = domains.apply(new Edit.SetVacation(request.path("address"), vacation.get()), request.actor());
        return switch (change) {
            case Change.Done _ ->
                new Reply.Redirect(Pages.pathOf("mailboxes", request.path("address")) + "/vacation?done=saved");
            case Change.Refused refused -> page(request, Api.status(refused.reason()), Said.of(refused), form);
        };
    }

    private Reply get(Request request) throws IOException {
        return domains.mailbox(request.path("address")).isEmpty()
                ? new Reply.Data(404, Api.MISSING)
                : new Reply.Data(200, Shapes.of(domains.vacation(request.path("address"))));
    }

    private Reply put(Request request) throws IOException {
        Vacation before = domains.vacation(request.path("address"));
        Vacation after = Api.body(request, body -> Shapes.vacation(body, before));
        return Api.reply(domains.apply(new Edit.SetVacation(request.path("address"), after), request.actor()));
    }
}
