package qrate.explain;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import qrate.address.Routing;
import qrate.core.Control;
import qrate.core.Verdict;
import qrate.local.plan.Preview;
import qrate.qcontrol.Channel;
import qrate.remote.Directions;
import qrate.send.Hold;

/// The way of one recipient out of the queue: send's part, then lspawn's or rspawn's; forwards are followed once.
final class Way {
    /// Forwards of forwards are named, not followed.
    private static final int DEPTH_MAX = 1;

    /// Who is asked.
    record Hops(Control control, Routing routing, Preview preview, Directions directions) {}

    private final Hops hops;
    private final Report report;
    private final Explain.Part part;
    private final Deque<String> before = new ArrayDeque<>();
    private boolean unseen;

    Way(Hops hops, Report report, Explain.Part part) {
        this.hops = hops;
        this.report = report;
        this.part = part;
    }

    /// Whether the address itself goes to another host, and nobody was asked for the way there.
    boolean unseen() {
        return unseen;
    }

    Verdict of(String recipient) throws IOException {
        return of(recipient, 0);
    }

    private Verdict of(String recipient, int depth) throws IOException {
        Routing.Route route = hops.routing.route(recipient, report.steps("send"));
        if (Hold.on(hops.control, route.channel())) {
            report.say("send", "concurrency" + route.channel().word() + ": 0, so that nothing is started");
            return new Verdict.Later("deliveries are on hold");
        }
        return switch (route.channel()) {
            case LOCAL -> local(route, depth);
            case REMOTE -> remote(route, depth);
        };
    }

    private Verdict remote(Routing.Route route, int depth) throws IOException {
        if (part == Explain.Part.WITHOUT_REMOTE) {
            report.say("rspawn", route.host() + ": its way out cannot be seen from here");
            unseen |= depth == 0;
            return new Verdict.Delivered("");
        }
        return hops.directions.to(route.host(), report.steps("rspawn"));
    }

    private Verdict local(Routing.Route route, int depth) throws IOException {
        if (part == Explain.Part.REMOTE_ONLY) {
            report.say("lspawn", "local: its files cannot be seen from here, `explain -l` says the rest there");
            return new Verdict.Delivered("");
        }
        before.addLast(key(route));
        Preview.Outcome outcome = hops.preview.of(route.address(), report.steps("lspawn"));
        Verdict worst = outcome.verdict();
        for (String to : outcome.sentOn()) {
            worst = worse(worst, forward(to, depth));
        }
        before.removeLast();
        return worst;
    }

    private Verdict forward(String to, int depth) throws IOException {
        Routing.Route route = hops.routing.route(to);
        if (route.channel() == Channel.LOCAL && before.contains(key(route))) {
            report.say("lspawn", "loop: " + to + " has had the message before");
            return Preview.looping();
        }
        if (depth == DEPTH_MAX) {
            report.say("lspawn", to + " is not followed any further");
            return new Verdict.Delivered("");
        }
        report.say("forward", to);
        report.deeper();
        Verdict verdict = of(to, depth + 1);
        if (!(verdict instanceof Verdict.Delivered)) {
            report.say("forward", verdict.text());
        }
        report.back();
        return verdict;
    }

    /// As Delivered-To names it.
    private static String key(Routing.Route route) {
        return route.address().toLowerCase(Locale.ROOT);
    }

    /// A bounce is heard of by the sender, whatever else arrives.
    private static Verdict worse(Verdict one, Verdict other) {
        for (Verdict verdict : List.of(one, other)) {
            if (verdict instanceof Verdict.Never) {
                return verdict;
            }
        }
        return one instanceof Verdict.Later ? one : other instanceof Verdict.Later ? other : one;
    }
}
