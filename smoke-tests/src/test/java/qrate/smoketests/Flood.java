package qrate.smoketests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbered messages from several clients at once, and the count of what arrived. A message answered by 250 must
/// arrive exactly once; one without an answer, because a service died, at most once, and it is not sent again.
final class Flood {
    private static final int CLIENTS = 10;
    private static final long PAUSE_MILLIS = 100;
    private static final Pattern SUBJECT = Pattern.compile("(?m)^Subject: flood ([0-9]+)\r?$");

    private final Target target;
    private final String recipient;
    private final AtomicInteger next = new AtomicInteger();
    private final Set<Integer> accepted = ConcurrentHashMap.newKeySet();
    private final int wanted;
    private final boolean steady;
    private volatile boolean over;
    private final List<Thread> clients = new ArrayList<>();

    private Flood(Target target, String recipient, int wanted, boolean steady) {
        this.target = target;
        this.recipient = recipient;
        this.wanted = wanted;
        this.steady = steady;
    }

    /// Starts sending until so many messages are accepted.
    static Flood start(Target target, String recipient, int wanted) {
        return new Flood(target, recipient, wanted, false).with(CLIENTS);
    }

    /// Starts sending some ten messages a second until {@link #end()}.
    static Flood steady(Target target, String recipient) {
        return new Flood(target, recipient, Integer.MAX_VALUE, true).with(1);
    }

    private Flood with(int many) {
        for (int i = 0; i < many; i++) {
            clients.add(Thread.ofVirtual().start(this::client));
        }
        return this;
    }

    /// Sends no more, and waits for the message under way.
    Flood end() throws InterruptedException {
        over = true;
        return join();
    }

    int accepted() {
        return accepted.size();
    }

    /// Waits until all are accepted.
    Flood join() throws InterruptedException {
        for (Thread client : clients) {
            client.join();
        }
        return this;
    }

    private void client() {
        while (goesOn() && !Thread.currentThread().isInterrupted()) {
            try (RawClient wire = RawClient.plain(target, target.ports().smtp())) {
                wire.expect("220");
                wire.smtp("EHLO flood.invalid", "250");
                while (goesOn()) {
                    one(wire);
                }
                wire.smtp("QUIT", "221");
            } catch (IOException _) {
                // a service is away: that message is left open, and the next connection goes on
                pause();
            }
        }
    }

    private boolean goesOn() {
        if (steady) {
            pause();
        }
        return !over && accepted.size() < wanted;
    }

    private void one(RawClient wire) throws IOException {
        int number = next.getAndIncrement();
        wire.smtp("MAIL FROM:<>", "250");
        wire.smtp("RCPT TO:<" + recipient + ">", "250");
        wire.smtp("DATA", "354");
        wire.send(("Subject: flood " + number + "\r\n\r\nbody " + number + "\r\n.\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        wire.expect("250");
        accepted.add(number);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is wrong in the mailbox: accepted and missing, or there twice. Empty when each is there once.
    List<String> faults(Target.Login login) throws IOException {
        List<Integer> arrived = arrived(login);
        List<String> faults = new ArrayList<>();
        for (Integer number : accepted) {
            if (!arrived.contains(number)) {
                faults.add(number + " is missing");
            }
        }
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        for (Integer number : arrived) {
            if (!seen.add(number)) {
                faults.add(number + " is there twice");
            }
        }
        return faults;
    }

    private List<Integer> arrived(Target.Login login) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (RawClient wire = RawClient.secured(target, target.ports().pop3s())) {
            wire.line();
            wire.pop3("USER " + login.address(), "+OK");
            wire.pop3("PASS " + login.password(), "+OK");
            int messages = Integer.parseInt(wire.pop3("STAT", "+OK").split(" ", -1)[1]);
            for (int i = 1; i <= messages; i++) {
                wire.pop3("TOP " + i + " 0", "+OK");
                Matcher subject = SUBJECT.matcher(new String(wire.pop3Lines(), StandardCharsets.UTF_8));
                if (subject.find()) {
                    numbers.add(Integer.valueOf(subject.group(1)));
                }
            }
            wire.pop3("QUIT", "+OK");
        }
        return numbers;
    }
}
