package qrate.gate;

import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Control;
import qrate.dkim.Content;
import qrate.dns.Dns;

/// Judges messages, by what the control files say at that moment. For any number of threads.
public final class Judge {
    private final Control control;
    private final Dns dns;
    private final InstantSource clock;
    private final Counter counter;

    /// Is told of each message that went through the gate.
    @FunctionalInterface
    interface Counter {
        void count(InetAddress client, Judgement judgement);
    }

    /// One that counts nothing.
    public Judge(Control control, Dns dns, InstantSource clock) {
        this(control, dns, clock, (_, _) -> {});
    }

    Judge(Control control, Dns dns, InstantSource clock, Counter counter) {
        this.control = control;
        this.dns = dns;
        this.clock = clock;
        this.counter = counter;
    }

    /// Judges a message from its beginning to its end.
    ///
    /// @param message as it came, without what was put in front of it here
    /// @throws IOException when the message cannot be read, or a control file
    public Judgement judge(Arrival arrival, Body message) throws IOException {
        Inspection inspection = begin(arrival);
        Optional<Ruling.Refused> refusal = inspection.refusal();
        if (refusal.isPresent()) {
            return new Judgement(refusal.get(), List.of(), inspection.looks(), Optional.empty());
        }
        return inspection.end(Content.of(message, Content.Form.RECEIVED, Inspection.DKIM_LIMITS, inspection.wanted()));
    }

    /// Begins with a message whose content comes later.
    ///
    /// @throws IOException when a control file cannot be read or makes no sense
    Inspection begin(Arrival arrival) throws IOException {
        return Inspection.begin(arrival, GateControl.read(control), dns, clock);
    }

    /// Counts a message for whoever is told of it.
    void count(InetAddress client, Judgement judgement) {
        counter.count(client, judgement);
    }

    /// Our name in fields.
    ///
    /// @throws IOException when it cannot be read
    String name() throws IOException {
        return control.lineOrMe("me");
    }
}
