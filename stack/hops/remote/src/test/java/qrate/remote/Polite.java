package qrate.remote;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// A well-behaved server, but for the answers a test changes.
///
/// @param offers EHLO's keywords
/// @param rules the first whose beginning fits a command gives the reply; `.` is the end of a message, `220` the
///     greeting
/// @param tls for STARTTLS
record Polite(List<String> offers, List<Rule> rules, Optional<SSLContext> tls) implements FakeSmtp.Talk {
    /// @param reply `close` hangs up, `silence` never answers
    record Rule(String beginning, String reply) {}

    static Polite server() {
        return new Polite(List.of(), List.of(), Optional.empty());
    }

    Polite offering(String... keywords) {
        return new Polite(List.of(keywords), rules, tls);
    }

    Polite on(String beginning, String reply) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(beginning, reply));
        return new Polite(offers, more, tls);
    }

    Polite secured(SSLContext context) {
        return new Polite(offers, rules, Optional.of(context));
    }

    @Override
    public void with(FakeSmtp.Peer peer) throws IOException {
        if (!answer(peer, "220", "220 fake.test ESMTP")) {
            return;
        }
        boolean secure = false;
        while (true) {
            String command = peer.hear();
            String verb = command.length() < 4 ? command : command.substring(0, 4);
            boolean goOn = switch (verb) {
                case "EHLO" -> answer(peer, command, ehlo(secure));
                case "HELO" -> answer(peer, command, "250 fake.test");
                case "STAR" -> {
                    boolean go = answer(peer, command, "220 go ahead");
                    if (go && rule(command).isEmpty()) {
                        peer.startTls(tls.orElseThrow());
                        secure = true;
                    }
                    yield go;
                }
                case "AUTH" -> answer(peer, command, "235 2.7.0 welcome");
                case "DATA" -> data(peer, command);
                case "QUIT" -> {
                    peer.say("221 bye");
                    yield false;
                }
                default -> answer(peer, command, "250 2.0.0 ok");
            };
            if (!goOn) {
                return;
            }
        }
    }

    private boolean data(FakeSmtp.Peer peer, String command) throws IOException {
        String reply = rule(command).orElse("354 go on");
        if (!answer(peer, command, reply)) {
            return false;
        }
        if (!reply.startsWith("354")) {
            return true;
        }
        peer.content();
        return answer(peer, ".", "250 2.0.0 ok queued");
    }

    private String ehlo(boolean secure) {
        List<String> lines = new ArrayList<>(List.of("fake.test"));
        lines.addAll(offers);
        if (tls.isPresent() && !secure) {
            lines.add("STARTTLS");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append("250").append(i == lines.size() - 1 ? " " : "-").append(lines.get(i));
            text.append(i == lines.size() - 1 ? "" : "\r\n");
        }
        return text.toString();
    }

    private Optional<String> rule(String command) {
        return rules.stream()
                .filter(r -> command.startsWith(r.beginning()))
                .map(Rule::reply)
                .findFirst();
    }

    private boolean answer(FakeSmtp.Peer peer, String command, String usual) throws IOException {
        String reply = rule(command).orElse(usual);
        if (reply.equals("close")) {
            return false;
        }
        if (reply.equals("silence")) {
            peer.hear(); // until the client gives up
            return false;
        }
        peer.say(reply);
        return !reply.startsWith("421");
    }
}
