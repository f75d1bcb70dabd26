package qrate.explain;

import java.io.IOException;
import qrate.core.Steps;
import qrate.smtpd.Reception;

/// smtpd's part.
record SmtpdExplainer(Reception reception, Report report) {
    private static final String PART = "smtpd";

    /// What smtpd comes to.
    sealed interface Answer {
        /// At least some may send to it, under this address.
        record Open(String address) implements Answer {}

        /// Nobody may.
        record Shut(String reply) implements Answer {}

        /// It is no address.
        record Malformed(String reply) implements Answer {}
    }

    Answer ask(String address) throws IOException {
        boolean[] judged = new boolean[1];
        Reception.Answer stranger = reception.ask(address, Reception.Client.STRANGER, text -> {
            judged[0] = true;
            report.say(PART, text);
        });
        if (stranger instanceof Reception.Answer.Taken(String taken)) {
            report.say(PART, "takes it from anybody");
            return new Answer.Open(taken);
        }
        String reply = stranger instanceof Reception.Answer.Refused(String text) ? text : "";
        if (!judged[0]) {
            report.say(PART, "refuses it: " + reply);
            return new Answer.Malformed(reply);
        }
        if (address.indexOf('@') < 0) {
            report.say(PART, "refuses it: " + reply + "; programs on this machine may name it so");
            return new Answer.Open(address);
        }
        Reception.Answer user = reception.ask(address, Reception.Client.USER, Steps.none());
        if (user instanceof Reception.Answer.Taken(String taken)) {
            report.say(PART, "refuses it from clients that have not signed in: " + reply);
            report.say(PART, "takes it from users who have signed in, and from where RELAYCLIENT is set");
            return new Answer.Open(taken);
        }
        report.say(PART, "refuses it: " + reply);
        return new Answer.Shut(reply);
    }
}
