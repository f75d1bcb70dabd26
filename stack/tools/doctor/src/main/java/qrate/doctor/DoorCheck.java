package qrate.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import qrate.core.Reasons;
import qrate.remote.routes.Routes;

/// Our doors: whether each answers, under its usual port, and whether strangers may send through us.
///
/// @param doors where they are looked at
/// @param smtpPort the port by which the world reaches SMTP, where that is known
/// @param bind the address that they listen on, or empty
record DoorCheck(List<Door> doors, OptionalInt smtpPort, String bind) implements Check {
    private static final String AREA = "port";
    private static final String STRANGER = "doctor@relay-test.invalid";
    private static final int HEALTH_LINES_MAX = 50;

    @Override
    public List<Finding> look() {
        List<Finding> all = new ArrayList<>();
        for (Door door : doors) {
            String name = door.kind().word();
            try {
                all.addAll(one(door));
            } catch (IOException e) {
                all.add(Finding.broken(
                        AREA,
                        name + " does not answer at " + door.address().getHostString() + " port "
                                + door.address().getPort() + ": " + Reasons.of(e),
                        "./qrate up, and see ./qrate logs"));
            }
        }
        int port = smtpPort.orElse(Routes.SMTP_PORT);
        if (port != Routes.SMTP_PORT) {
            all.add(Finding.doubtful(
                    AREA,
                    "smtp is at port " + port + ": other servers bring mail to port 25 only",
                    "QRATE_SMTP_PORT=25"));
        }
        if (bind.startsWith("127.") || bind.equals("::1")) {
            all.add(Finding.doubtful(
                    AREA, "the mail ports listen on " + bind + ": nobody outside reaches them", "QRATE_BIND=0.0.0.0"));
        }
        return all;
    }

    private static List<Finding> one(Door door) throws IOException {
        try (Talk talk = Talk.to(door.address())) {
            String name = door.kind().word();
            return switch (door.kind()) {
                case SMTP -> smtp(talk);
                case SUBMISSION -> List.of(greeted(name, talk.reply(), "220"));
                case POP3 -> List.of(greeted(name, talk.line(), "+OK"));
                case SMTPS, POP3S -> List.of(Finding.well(AREA, name + " answers"));
                case ADMIN -> health(talk);
            };
        }
    }

    private static Finding greeted(String name, String line, String wanted) {
        return line.startsWith(wanted)
                ? Finding.well(AREA, name + " answers")
                : Finding.broken(AREA, name + " greets with: " + line, "./qrate logs");
    }

    private static List<Finding> smtp(Talk talk) throws IOException {
        Finding greeted = greeted("smtp", talk.reply(), "220");
        if (greeted.level() != Finding.Level.WELL) {
            return List.of(greeted);
        }
        talk.say("EHLO doctor.invalid");
        talk.reply();
        talk.say("MAIL FROM:<" + STRANGER + ">");
        talk.reply();
        talk.say("RCPT TO:<" + STRANGER + ">");
        String answer = talk.reply();
        talk.say("QUIT");
        return List.of(
                greeted,
                answer.startsWith("2")
                        ? Finding.broken(
                                "relay",
                                "clients from here may send to anybody without signing in",
                                "look for RELAYCLIENT in control/tcp.smtp, and at control/rcpthosts")
                        : Finding.well("relay", "nobody can send through this server without signing in"));
    }

    /// What the admin service says of all parts; one reason a line.
    private static List<Finding> health(Talk talk) throws IOException {
        talk.say("GET /healthz HTTP/1.1\r\nHost: doctor.invalid\r\nConnection: close\r\n");
        String status = talk.line();
        while (!talk.line().isEmpty()) {
            // headers
        }
        if (status.contains(" 200 ")) {
            return List.of(Finding.well("health", "every part reports that it is well"));
        }
        List<Finding> all = new ArrayList<>();
        String line = talk.line();
        while (!line.isEmpty() && all.size() < HEALTH_LINES_MAX) {
            all.add(Finding.broken("health", line, "./qrate logs"));
            line = talk.line();
        }
        return all.isEmpty() ? List.of(Finding.broken("health", "admin says " + status, "./qrate logs")) : all;
    }
}
