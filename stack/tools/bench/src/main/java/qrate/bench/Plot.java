package qrate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// A picture of a series as SVG, and the same as a table of text: x by decades, y from 0.
final class Plot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 40;
    private static final int TOP = 70;
    private static final int BOTTOM = 60;
    private static final int LEGEND_WIDTH = 200;
    private static final int TICKS = 4;
    private static final List<String> COLORS = List.of("#1f5fa8", "#c2571a", "#2b7d46", "#7a4fa3");

    /// What was measured at a step.
    record Point(double x, double y) {}

    private final String title;
    private final String x;
    private final String y;
    private final Map<String, List<Point>> lines = new LinkedHashMap<>();

    /// @param title above it
    /// @param x what the steps count
    /// @param y what was measured, with its unit
    Plot(String title, String x, String y) {
        this.title = title;
        this.x = x;
        this.y = y;
    }

    /// Adds a point to the line of that name.
    ///
    /// @param at 1 or more
    void add(String line, long at, double value) {
        lines.computeIfAbsent(line, _ -> new ArrayList<>()).add(new Point(at, value));
    }

    /// By how much the largest of a line's values is above its smallest, in percent.
    static double spread(List<Point> line) {
        double most = line.stream().mapToDouble(Point::y).max().orElse(0);
        double least = line.stream().mapToDouble(Point::y).min().orElse(0);
        return least > 0 ? 100 * (most / least - 1) : 0;
    }

    /// A line of text each.
    String table() {
        StringBuilder text = new StringBuilder(title + ": " + y + " by " + x + "\n");
        lines.forEach((name, points) -> {
            text.append(String.format(Locale.ROOT, "  %-26s", name));
            points.forEach(point -> text.append(String.format(Locale.ROOT, "  %,.0f: %.3f", point.x, point.y)));
            text.append(String.format(Locale.ROOT, "   flat within %.0f %%\n", spread(points)));
        });
        return text.toString();
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.append("<rect width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" fill=\"#fff\"/>\n");
        text(svg, LEFT, 22, "start", title);
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", x);
        text(svg, LEFT, TOP - 10, "start", y);
        axes(svg);
        int number = 0;
        for (var line : lines.entrySet()) {
            draw(svg, line.getKey(), line.getValue(), number++);
        }
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg) {
        double top = top();
        for (int i = 0; i <= TICKS; i++) {
            double value = top * i / TICKS;
            line(svg, LEFT, up(value), WIDTH - RIGHT, up(value));
            text(svg, LEFT - 8, up(value) + 4, "end", number(value));
        }
        for (int decade = first(); decade <= last(); decade++) {
            double at = LEFT + (decade - first()) * decade();
            line(svg, at, TOP, at, HEIGHT - BOTTOM);
            text(
                    svg,
                    at,
                    HEIGHT - BOTTOM + 18,
                    "middle",
                    String.format(Locale.ROOT, "%,d", Math.round(Math.pow(10, decade))));
        }
    }

    private void draw(StringBuilder svg, String name, List<Point> points, int number) {
        String color = COLORS.get(number % COLORS.size());
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            double across = LEFT + (Math.log10(point.x) - first()) * decade();
            path.append(String.format(Locale.ROOT, "%.1f,%.1f ", across, up(point.y)));
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n",
                    across,
                    up(point.y),
                    color));
        }
        svg.append("<polyline points=\"" + path.toString().strip() + "\" fill=\"none\" stroke=\"" + color
                + "\" stroke-width=\"2\"/>\n");
        int left = LEFT + number * LEGEND_WIDTH;
        svg.append("<rect x=\"" + left + "\" y=\"32\" width=\"12\" height=\"12\" fill=\"" + color + "\"/>\n");
        text(svg, left + 18, 43, "start", name);
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        String safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#222\">%s</text>\n",
                x,
                y,
                anchor,
                safe));
    }

    private double up(double value) {
        return HEIGHT - BOTTOM - value / top() * (HEIGHT - BOTTOM - TOP);
    }

    /// The decade that the smallest step is in, and that above the largest.
    private int first() {
        return (int) Math.floor(Math.log10(all().mapToDouble(Point::x).min().orElse(1)));
    }

    private int last() {
        return Math.max(first() + 1, (int)
                Math.ceil(Math.log10(all().mapToDouble(Point::x).max().orElse(1))));
    }

    private double decade() {
        return (WIDTH - LEFT - RIGHT) / (double) (last() - first());
    }

    private Stream<Point> all() {
        return lines.values().stream().flatMap(List::stream);
    }

    /// The least of 1, 2, 4, 5, 8, 10 times a power of ten that nothing is above.
    private double top() {
        double most = all().mapToDouble(Point::y).max().orElse(0);
        if (most <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(most)));
        for (double step : new double[] {1, 2, 4, 5, 8}) {
            if (most <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value).replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
