package qrate.gate;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.function.UnaryOperator;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.DomainName;
import qrate.spf.SpfPolicy;

/// What the control files say now.
///
/// @param me who says what was found: our name
/// @param checks what is looked at at all
/// @param spf what we add to what domains publish
/// @param usual how strict domains of ours are
/// @param domains those that are not, each with its line
/// @param exceptions whom DMARC lets pass
record GateControl(
        String me,
        GateControl.Checks checks,
        SpfPolicy spf,
        Modes usual,
        Map<String, String> domains,
        DmarcExceptions exceptions) {
    private static final String BLANKS = " \t";
    private static final List<String> FILES = List.of(
            "me",
            "spfrules",
            "spfguess",
            "spfexp",
            "spfbehavior",
            "dmarc",
            "dkimverify",
            "receivedspf",
            "dnsbl",
            "greylist",
            "policydomains",
            "dmarcexceptions");

    /// What is looked at.
    ///
    /// @param dkim signatures, and chains of ARC
    /// @param received whether SPF's own field is written, too
    /// @param lists where clients are looked for
    /// @param greylist how long strangers are put off; zero for not at all
    record Checks(boolean dkim, boolean received, DnsLists lists, Duration greylist) {}

    GateControl {
        domains = Map.copyOf(domains);
    }

    /// Reads them, where they have changed.
    ///
    /// @throws IOException when a file cannot be read or makes no sense; it is named
    static GateControl read(Control control) throws IOException {
        return control.made(GateControl.class, GateControl::fresh, FILES);
    }

    private static GateControl fresh(Control control) throws IOException {
        String me = control.lineOrMe("me");
        SpfPolicy spf = with(control, "spfrules", SpfPolicy.of(me), SpfPolicy::withRules);
        spf = with(control, "spfguess", spf, SpfPolicy::withGuess);
        spf = with(control, "spfexp", spf, SpfPolicy::withExplanation);
        Modes usual = new Modes((int) control.number(ControlFile.SPFBEHAVIOR), dmarc(control));
        return new GateControl(
                me,
                new Checks(
                        !control.value(ControlFile.DKIMVERIFY).equals("off"),
                        control.line("receivedspf").orElse("").equals("yes"),
                        DnsLists.parse(control.lines("dnsbl")),
                        control.seconds(ControlFile.GREYLIST)),
                spf,
                usual,
                domains(control.lines("policydomains")),
                new DmarcExceptions(control.lines("dmarcexceptions")));
    }

    private static Map<String, String> domains(List<String> lines) {
        Map<String, String> domains = new HashMap<>();
        for (String line : lines) {
            StringTokenizer words = new StringTokenizer(line, BLANKS);
            if (words.hasMoreTokens()) {
                domains.put(DomainName.ascii(words.nextToken()), line); // the last counts
            }
        }
        return domains;
    }

    private interface Adding {
        SpfPolicy to(SpfPolicy policy, String text);
    }

    private static SpfPolicy with(Control control, String file, SpfPolicy policy, Adding adding) throws IOException {
        Optional<String> text = control.line(file);
        UnaryOperator<SpfPolicy> added =
                before -> text.map(t -> adding.to(before, t)).orElse(before);
        try {
            return added.apply(policy);
        } catch (IllegalArgumentException e) {
            throw new IOException("control/" + file + ": " + e.getMessage(), e);
        }
    }

    private static Modes.ByDmarc dmarc(Control control) throws IOException {
        try {
            return Modes.ByDmarc.of(control.value(ControlFile.DMARC));
        } catch (IllegalArgumentException e) {
            throw new IOException("control/dmarc: " + e.getMessage(), e);
        }
    }

    /// What holds for a message to these: the mildest of what they want. DMARC needs what SPF and DKIM found.
    ///
    /// @throws IOException for a line of one of them that makes no sense
    Modes modes(Set<String> recipients) throws IOException {
        Modes modes = mildest(recipients);
        return modes.spf() == 0 || !checks.dkim ? new Modes(modes.spf(), Modes.ByDmarc.OFF) : modes;
    }

    private Modes mildest(Set<String> recipients) throws IOException {
        Optional<Modes> mildest = Optional.empty();
        for (String domain : recipients) {
            String line = domains.get(domain);
            Modes modes = line == null ? usual : modes(line);
            mildest = Optional.of(mildest.map(modes::milder).orElse(modes));
        }
        return mildest.orElse(usual);
    }

    private Modes modes(String line) throws IOException {
        StringTokenizer words = new StringTokenizer(line, BLANKS);
        Modes modes = usual;
        try {
            words.nextToken(); // the domain
            while (words.hasMoreTokens()) {
                modes = modes.with(words.nextToken());
            }
            return modes;
        } catch (IllegalArgumentException e) {
            throw new IOException("control/policydomains: " + line + ": " + e.getMessage(), e);
        }
    }
}
