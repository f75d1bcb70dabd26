package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.MailDay;

/// What mail a domain had in the last month: a chart and a table for people, and the days for programs.
final class StatisticsPages {
    private final Domains domains;
    private final Sessions sessions;

    StatisticsPages(Domains domains, Sessions sessions) {
        this.domains = domains;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", "/domains/{domain}/statistics", Access.DOMAIN, this::page);
        router.add("GET", "/api/v1/domains/{domain}/statistics", Access.DOMAIN, this::data);
    }

    /// A chart of days, drawn in units of its own: {@link #DAY_WIDTH} for each, by {@link #HEIGHT}.
    ///
    /// @param most what its highest bar stands for
    record Chart(List<Bar> bars, long most) {
        static final int DAY_WIDTH = 20;
        static final int HEIGHT = 120;
        private static final int BAR_WIDTH = 8;

        /// A bar, from its foot on the chart's ground upwards.
        ///
        /// @param sent whether it is for what was sent
        record Bar(int x, int height, boolean sent) {
            int y() {
                return HEIGHT - height;
            }

            int width() {
                return BAR_WIDTH;
            }
        }

        /// Two bars a day. Whatever is not nothing can be seen.
        static Chart of(List<MailDay> days) {
            long most = days.stream()
                    .mapToLong(day -> Math.max(day.received(), day.sent()))
                    .max()
                    .orElse(0);
            List<Bar> bars = new ArrayList<>();
            for (int i = 0; i < days.size(); i++) {
                MailDay day = days.get(i);
                bars.add(new Bar(i * DAY_WIDTH + 1, height(day.received(), most), false));
                bars.add(new Bar(i * DAY_WIDTH + 1 + BAR_WIDTH + 1, height(day.sent(), most), true));
            }
            return new Chart(bars.stream().filter(bar -> bar.height > 0).toList(), most);
        }

        private static int height(long count, long most) {
            return count <= 0 ? 0 : (int) Math.max(2, Math.round((double) count / most * HEIGHT));
        }
    }

    private Reply page(Request request) throws IOException {
        Optional<EditableDirectory.Domain> domain = domains.domain(request.path("domain"));
        if (domain.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String name = domain.get().real();
        List<MailDay> days = domains.mailDays(name);
        MailDay all = MailDay.sum(days);
        PageLayout frame = PageLayout.of(Said.as(name), request, sessions.csrf(request.session()), Said.NOTHING);
        return new Reply.Page(200, frame, Reply.PAGES.statistics(frame, name, days.reversed(), all, Chart.of(days)));
    }

    private Reply data(Request request) throws IOException {
        return domains.domain(request.path("domain")).isEmpty()
                ? Errors.data(404)
                : new Reply.Data(
                        200,
                        domains.mailDays(request.path("domain")).stream()
                                .map(MailDay::json)
                                .toList());
    }
}
