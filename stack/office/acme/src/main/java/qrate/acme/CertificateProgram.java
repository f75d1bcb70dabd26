package qrate.acme;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.certificate.Due;
import qrate.certificate.Installed;
import qrate.certificate.RenewalState;
import qrate.certificate.Report;
import qrate.certificate.Settings;
import qrate.certificate.ShowCertificate;
import qrate.core.Control;
import qrate.core.Getopt;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;

/// certificate(8): says what is there, and gets a new one.
///
/// @param clock of now
public record CertificateProgram(InstantSource clock) implements Program {
    private static final String USAGE = "usage: certificate [show [--json] | renew [--force | --due | --dry-run]]";
    private static final Getopt KNOWN = Getopt.anywhere("", "force", "due", "dry-run");
    private static final int HTTP_PORT = 80;
    private static final int PORT_MAX = 65_535;

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException, InterruptedException {
        Optional<Boolean> show = ShowCertificate.asked(arguments);
        if (show.isPresent()) {
            return new ShowCertificate(clock).show(show.get(), stdio);
        }
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return usage(stdio);
        }
        if (!given.operands().equals(List.of("renew")) || given.names().size() > 1) {
            return usage(stdio);
        }
        State state = State.of(stdio.environment());
        if (given.has("dry-run")) {
            return rehearse(state, stdio);
        }
        Renewal.Wish wish =
                given.has("force") ? Renewal.Wish.FORCED : given.has("due") ? Renewal.Wish.DUE : Renewal.Wish.NOW;
        Log log = new Log(stdio.err(), Log.Stamp.NONE, clock);
        return say(renewal(state, stdio.environment(), log).run(wish), wish, stdio);
    }

    private static int usage(Stdio stdio) {
        stdio.err().println("certificate: fatal: " + USAGE);
        return Launcher.USAGE;
    }

    private static int say(Renewal.Outcome outcome, Renewal.Wish wish, Stdio stdio) {
        return switch (outcome) {
            case Renewal.Outcome.Off _ -> {
                stdio.err().println("certificate: there is no control/acme, which names the CA to ask");
                yield wish == Renewal.Wish.DUE ? 0 : Launcher.USAGE;
            }
            case Renewal.Outcome.Busy _ -> {
                stdio.err().println("certificate: another process asks the CA at this moment");
                yield Launcher.TEMPORARY;
            }
            case Renewal.Outcome.NotYet(Due due) -> {
                if (wish != Renewal.Wish.DUE) {
                    stdio.out()
                            .println("not due before " + due.when() + " (" + due.why()
                                    + "); --force renews all the same");
                }
                yield 0;
            }
            case Renewal.Outcome.Renewed(Installed installed) -> {
                stdio.out()
                        .println("new certificate for " + String.join(", ", installed.names()) + " until "
                                + installed.until());
                yield 0;
            }
            case Renewal.Outcome.Failed(String why, Instant again) -> {
                stdio.err()
                        .println("certificate: fatal: " + why + " (the certificate before stays in use; next attempt "
                                + again + ")");
                yield Launcher.TEMPORARY;
            }
        };
    }

    /// Everything but an order.
    private int rehearse(State state, Stdio stdio) throws IOException, InterruptedException {
        Control control = new Control(state.control(), clock);
        Report report = Report.of(state.tls(), control);
        report.lines(clock.instant()).forEach(stdio.out()::println);
        if (report.settings().isEmpty()) {
            return 0;
        }
        Settings settings = report.settings().get();
        try (AcmeAuthority authority = new AcmeAuthority(settings, state.tls().resolve("acme/account.pem"), clock)) {
            authority.look();
            stdio.out().println("the CA answers");
        }
        if (settings.hook().isEmpty()) {
            try (HttpDoor door = HttpDoor.open(place(stdio.environment()), Log.silent())) {
                stdio.out().println("port " + door.port() + " can be opened");
            }
        }
        stdio.out().println("nothing was ordered");
        return 0;
    }

    /// As the environment says: `QRATE_ACME_PORT` (80) of `QRATE_BIND`, or of every address.
    static Renewal renewal(State state, Map<String, String> environment, Log log) {
        InstantSource clock = InstantSource.system();
        return new Renewal(
                new Renewal.Parts(
                        state.tls(),
                        new Control(state.control(), clock),
                        (settings, key) -> new AcmeAuthority(settings, key, clock),
                        settings -> {
                            if (settings.hook().isPresent()) {
                                return new Hook(settings.hook().get(), Hook.HOOK_MAX, log);
                            }
                            return HttpDoor.open(place(environment), log);
                        },
                        clock,
                        new SecureRandom(),
                        log),
                RenewalState.ORDER_MAX);
    }

    private static InetSocketAddress place(Map<String, String> environment) throws IOException {
        String text = environment.getOrDefault("QRATE_ACME_PORT", "");
        if (!text.isEmpty() && (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > PORT_MAX)) {
            throw new IOException("QRATE_ACME_PORT: '" + text + "' is no port");
        }
        int port = text.isEmpty() ? HTTP_PORT : Integer.parseInt(text);
        Optional<String> bind = Optional.ofNullable(environment.get("QRATE_BIND"))
                .filter(address -> !Set.of("", "0", "0.0.0.0", "::", "[::]").contains(address));
        try {
            return bind.isEmpty()
                    ? new InetSocketAddress(port)
                    : new InetSocketAddress(InetAddress.getByName(bind.get()), port);
        } catch (UnknownHostException e) {
            throw new IOException("QRATE_BIND: '" + bind.get() + "' is no address", e);
        }
    }
}
