package qrate.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import qrate.apply.Pieces;
import qrate.certificate.Report;
import qrate.checkpassword.Throttle;
import qrate.core.Control;
import qrate.core.Intake;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.directory.Domains;
import qrate.httpd.HttpListener;
import qrate.lists.Decisions;
import qrate.qcontrol.QueueControl;
import qrate.status.Remembered;
import qrate.status.ServiceStatus;
import qrate.status.SystemStatus;
import qrate.zone.PublishedZones;

/// The running service.
public final class Admin implements AutoCloseable {
    /// How often files are compared with the database, to mend what a full disk kept from being written.
    static final Duration HEAL_EVERY = Duration.ofMinutes(1);

    /// What the service works with; the caller closes it afterwards.
    ///
    /// @param intake takes what is told to lists
    /// @param proxies whose headers about clients count
    /// @param certificate that doors show
    /// @param zones what domains publish
    /// @param problems what is not as it should be, here and in the other services; for `/healthz`
    /// @param services what each process says of itself, this one first; for `/metrics` and `/status.json`
    /// @param whatIf what would become of mail
    public record Parts(
            Domains domains,
            QueueControl queue,
            Links links,
            Intake intake,
            Predicate<InetAddress> proxies,
            Report.Look certificate,
            PublishedZones zones,
            Supplier<List<String>> problems,
            Supplier<List<ServiceStatus>> services,
            WhatIf whatIf,
            Log log,
            InstantSource clock) {}

    /// What answers the links of mailing lists (RFC 8058), by what their query says.
    ///
    /// @param known whether a link may be one of ours
    /// @param follow does what it says
    public record Links(Known known, Follow follow) {
        /// Looks at a link, and changes nothing.
        @FunctionalInterface
        public interface Known {
            boolean is(Map<String, String> query) throws IOException;
        }

        /// Takes the subscriber off the list.
        @FunctionalInterface
        public interface Follow {
            /// @return Delivered once that cannot be lost any more
            Verdict link(Map<String, String> query) throws IOException;
        }
    }

    private final HttpListener door;
    private final LocalToken localToken;
    private final RecoveryPost post;
    private final Thread healer;
    private final Parts parts;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Optional<String> behind = Optional.empty();

    private Admin(Parts parts, LocalToken localToken, RecoveryPost post, HttpListener door) {
        this.parts = parts;
        this.localToken = localToken;
        this.post = post;
        this.door = door;
        this.healer = Thread.ofVirtual().name("heal").unstarted(this::heal);
    }

    /// Starts the service.
    ///
    /// @param at where it listens; port 0 for any
    /// @throws IOException when `db/` cannot be written or the port is taken
    public static Admin start(State state, Parts parts, InetSocketAddress at) throws IOException {
        Sessions sessions = new Sessions(Sessions.key(state.db().resolve("session-key")), parts.clock);
        Metrics metrics = new Metrics();
        RecoveryPost post = new RecoveryPost(
                parts.domains, new Control(state.control(), parts.clock), parts.intake, parts.clock, parts.log);
        Router router = router(state, parts, post, sessions, metrics);
        LocalToken token = new LocalToken(state);
        Handler handler = new Handler(
                router,
                sessions,
                new Handler.Callers(parts.domains, token, new IdempotencyKeys(parts.clock)),
                new Handler.Notes(metrics, parts.log));
        Admin admin;
        try {
            admin = new Admin(
                    parts,
                    token,
                    post,
                    HttpListener.open(at, new HttpListener.Parts(handler, parts.proxies, parts.log)));
        } catch (IOException | RuntimeException e) {
            token.close();
            throw new IOException("admin: " + e.getMessage(), e);
        }
        admin.healer.start();
        post.start();
        parts.log.line("admin: listening on " + admin.address());
        return admin;
    }

    /// Every route that there is.
    static Router router(State state, Parts parts, RecoveryPost post, Sessions sessions, Metrics metrics)
            throws IOException {
        Router router = new Router();
        QueueActs acts = new QueueActs(parts.queue, parts.domains, parts.log);
        new LanguagePages(sessions).register(router);
        Control control = new Control(state.control(), parts.clock);
        HandOver handOver = new HandOver(parts.domains, sessions, control);
        PasswordLinks links = new PasswordLinks(parts.domains, post, parts.clock);
        new Pages(parts.domains, sessions, acts, handOver, links).register(router);
        new DomainPages(parts.domains, sessions).register(router);
        new CsvPages(parts.domains, sessions).register(router);
        new MailboxesPages(state, parts.domains, sessions, handOver, parts.clock).register(router);
        new TextPages(parts.domains, sessions).register(router);
        new VacationPages(parts.domains, sessions).register(router);
        new RemovalPages(parts.domains, sessions).register(router);
        new DeletedPages(parts.domains, sessions).register(router);
        Throttle throttle = new Throttle(parts.clock);
        OwnPassword own = new OwnPassword(parts.domains, throttle);
        OwnPages.Notes notes = new OwnPages.Notes(state, post.url(), metrics, parts.log);
        SecondFactorPages twoStep = new SecondFactorPages(parts.domains, sessions, own, notes, parts.clock);
        twoStep.register(router);
        new PasskeyPages(parts.domains, sessions, own, twoStep, notes).register(router);
        new OwnPages(parts.domains, sessions, throttle, twoStep::ask, notes).register(router);
        new AuditPages(parts.domains, sessions).register(router);
        new RecoveryPages(parts.domains, sessions, own, links, parts.clock).register(router);
        new ForwardPages(parts.domains, sessions).register(router);
        new AppPasswordPages(parts.domains, sessions, own).register(router);
        new StaffPages(parts.domains, sessions, own).register(router);
        new StaffApi(parts.domains, own).register(router);
        new AccountApi(parts.domains, own).register(router);
        new AccessApi(parts.domains, own).register(router);
        new AuditApi(parts.domains).register(router);
        new QueuePages(acts, sessions, parts.clock).register(router);
        new QueueApi(acts).register(router);
        QuarantineViews aside = new QuarantineViews(parts.queue, parts.domains, control, parts.log);
        new QuarantinePages(aside, sessions).register(router);
        new QuarantineApi(aside).register(router);
        TraceViews traces = new TraceViews(parts.queue, parts.domains, parts.whatIf, parts.clock);
        new TracePages(traces, sessions).register(router);
        new TraceApi(traces).register(router);
        new CertificatePages(parts.certificate, sessions, parts.clock).register(router);
        new StatisticsPages(parts.domains, sessions).register(router);
        new ReportPages(state, acts, sessions, parts.clock).register(router);
        new ZonePages(parts.domains, parts.zones, sessions).register(router);
        new SetUpDoor(
                        parts.domains,
                        parts.zones,
                        sessions,
                        new ClientBudget(
                                parts.clock, Duration.ofMinutes(1), SetUpDoor.ASKED_EACH_MAX, SetUpDoor.ASKED_MAX))
                .register(router);
        new Api(parts.domains, own).register(router);
        new CollectionApi(parts.domains).register(router);
        new OwnerApi(state, parts.domains, own, acts).register(router);
        PieceActs pieces = new PieceActs(new Pieces(state), parts.domains);
        new ListApi(pieces).register(router);
        ListViews views = new ListViews(
                state, parts.domains, new Decisions(parts.intake, parts.clock, new SecureRandom()), parts.log);
        new ListViewApi(views).register(router);
        new SearchPages(parts.domains, views, sessions).register(router);
        new ListMemberPages(views, sessions).register(router);
        new ListPostPages(views, sessions).register(router);
        new ListSettingPages(views, sessions).register(router);
        new ControlApi(pieces).register(router);
        new ListPages(parts.links, sessions, new PerMinute(parts.clock, ListPages.LINKS_PER_MINUTE_MAX), parts.log)
                .register(router);
        registerPlain(router, parts, sessions, metrics);
        return router;
    }

    private static void registerPlain(Router router, Parts parts, Sessions sessions, Metrics metrics) {
        Asset.register(router);
        // whoever asks more often hears the same: a look at everything is not free, and these doors are open
        Supplier<List<String>> problems = new Remembered<>(parts.problems, Remembered.FOR, parts.clock);
        Supplier<SystemStatus> figures = new Remembered<>(
                () -> new SystemStatus(parts.clock.instant(), parts.services.get(), metrics.samples(parts), List.of()),
                Remembered.FOR,
                parts.clock);
        // put in when asked for: kept with the figures they would be older than what /healthz says at the same moment
        Supplier<SystemStatus> status = () -> figures.get().with(problems.get());
        new OverviewPages(new Needs(parts.queue, parts.clock), parts.domains, status, sessions).register(router);
        router.add("GET", "/healthz", Access.OPEN, _ -> health(problems.get()));
        router.add(
                "GET",
                "/metrics",
                Access.OPEN,
                _ -> new Reply.Text(
                        200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        status.get().text()));
        router.add(
                "GET",
                "/status.json",
                Access.OPEN,
                _ -> new Reply.Text(
                        200, "application/json", JsonWriter.write(status.get().json()) + "\n"));
    }

    /// `ok`, or each problem in a line.
    private static Reply health(List<String> problems) {
        boolean well = problems.isEmpty();
        return new Reply.Text(
                well ? 200 : 503, "text/plain; charset=utf-8", (well ? "ok" : String.join("\n", problems)) + "\n");
    }

    /// Why what routes mail is not what the database says.
    public Optional<String> problem() {
        return behind;
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return door.address();
    }

    private void heal() {
        try {
            // a database may take an interrupt for its own: the latch is what ends it
            while (!closed.await(HEAL_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    parts.domains.heal();
                    behind = Optional.empty();
                } catch (IOException e) {
                    behind = Optional.of("changes do not reach mail: " + e.getMessage());
                    parts.log.line("admin: snapshots are behind the database: " + e.getMessage());
                }
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /// Stops listening, lets requests end, and takes the local token back.
    @Override
    public void close() throws IOException {
        closed.countDown();
        healer.interrupt();
        door.close();
        post.close();
        localToken.close();
    }
}
