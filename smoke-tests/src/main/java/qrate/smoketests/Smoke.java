package qrate.smoketests;

import java.io.PrintStream;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./qrate smoke`: exit 0 when every check passed, 1 when one failed, 2 for wrong usage.
@Command(
        name = "smoke",
        mixinStandardHelpOptions = true,
        description = "Checks a deployed Qrate over SMTP and POP3, with a login or a throw-away mailbox.")
public final class Smoke implements Callable<Integer> {
    private static final Duration MAILBOX_MAX = Duration.ofSeconds(20);
    private static final int SECRET_BYTES = 12;

    @Spec
    private CommandSpec spec;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "name or address (default: ${DEFAULT-VALUE})")
    private String host;

    @Option(names = "--smtp-port", defaultValue = "${QRATE_SMTP_PORT:-2525}", description = "default: ${DEFAULT-VALUE}")
    private int smtpPort;

    @Option(
            names = "--submission-port",
            defaultValue = "${QRATE_SUBMISSION_PORT:-2587}",
            description = "default: ${DEFAULT-VALUE}")
    private int submissionPort;

    @Option(
            names = "--smtps-port",
            defaultValue = "${QRATE_SMTPS_PORT:-2465}",
            description = "default: ${DEFAULT-VALUE}")
    private int smtpsPort;

    @Option(names = "--pop3-port", defaultValue = "${QRATE_POP3_PORT:-2110}", description = "default: ${DEFAULT-VALUE}")
    private int pop3Port;

    @Option(
            names = "--pop3s-port",
            defaultValue = "${QRATE_POP3S_PORT:-2995}",
            description = "default: ${DEFAULT-VALUE}")
    private int pop3sPort;

    @Option(names = "--login", defaultValue = "", description = "user@domain of an existing mailbox")
    private String login;

    @Option(
            names = "--password",
            defaultValue = "${QRATE_SMOKE_PASSWORD:-}",
            description = "its password, or QRATE_SMOKE_PASSWORD")
    private String password;

    @Option(
            names = "--admin-url",
            defaultValue = "http://127.0.0.1:${QRATE_ADMIN_PORT:-8080}",
            description = "default: ${DEFAULT-VALUE}")
    private URI adminUrl;

    @Option(
            names = "--admin-bind",
            defaultValue = "${QRATE_ADMIN_BIND:-127.0.0.1}",
            description = "where it was told to listen: elsewhere it must not be (default: ${DEFAULT-VALUE})")
    private String adminBind;

    @Option(
            names = "--admin-token",
            defaultValue = "${QRATE_ADMIN_TOKEN:-}",
            description = "makes a throw-away mailbox; or QRATE_ADMIN_TOKEN")
    private String adminToken;

    @Option(
            names = "--domain",
            defaultValue = "example.test",
            description = "of the throw-away mailbox (default: ${DEFAULT-VALUE})")
    private String domain;

    @Option(names = "--insecure", description = "take any certificate; always so for a host that is this machine")
    private boolean insecure;

    private final PrintStream out;

    /// @param out where the lines go
    public Smoke(PrintStream out) {
        this.out = out;
    }

    /// Runs with arguments.
    public static int run(String[] arguments, PrintStream out) {
        return new CommandLine(new Smoke(out)).execute(arguments);
    }

    /// The command by hand.
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out));
    }

    @Override
    public Integer call() throws Exception {
        boolean made = login.isEmpty();
        if (made && adminToken.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "smoke: --login and --password, or --admin-token");
        }
        if (!made && (login.indexOf('@') < 1 || password.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), "smoke: --login is user@domain, and --password goes with it");
        }
        Target target = new Target(
                host,
                new Target.Ports(smtpPort, submissionPort, smtpsPort, pop3Port, pop3sPort),
                insecure || Target.isHere(host));
        Report report = new Report(out, InstantSource.system());
        String id = secret();
        if (made) {
            inThrowaway(target, report, id);
        } else {
            if (spec.commandLine().getParseResult().hasMatchedOption("--admin-url")) {
                new AdminDoor(adminUrl, target).run(report, everywhere());
            }
            checks(target, new Target.Login(login, password), id, report);
        }
        report.end();
        return report.failed() == 0 ? 0 : 1;
    }

    private boolean everywhere() {
        return !Target.isHere(adminBind);
    }

    private void inThrowaway(Target target, Report report, String id) {
        new AdminDoor(adminUrl, target).run(report, everywhere());
        String user = "smoke-" + id;
        Target.Login mailbox = new Target.Login(user + "@" + domain, secret());
        try (Throwaway throwaway = new Throwaway(adminUrl, adminToken, domain, target.insecure())) {
            int before = report.failed();
            report.check("a mailbox is made", () -> {
                throwaway.make(user, mailbox.password());
                Awaitility.await("the new mailbox to open")
                        .atMost(MAILBOX_MAX)
                        .ignoreExceptions()
                        .untilAsserted(() -> new Box(target, mailbox).visit());
            });
            if (report.failed() == before) {
                checks(target, mailbox, id, report);
            }
            report.check("the mailbox is removed", () -> throwaway.remove(user));
        }
    }

    private static void checks(Target target, Target.Login mailbox, String id, Report report) {
        new Doors(target, mailbox, id).run(report);
        new Strangers(target, mailbox).run(report);
        Letters letters = new Letters(target, mailbox, id);
        letters.run(report);
        new Mail(target, mailbox, id).run(report);
        letters.clean(report);
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
