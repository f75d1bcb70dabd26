package qrate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PlotTest {
    private static Document picture(Plot plot) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(plot.svg())));
    }

    private static List<Double> attribute(Document svg, String element, String name) {
        NodeList all = svg.getElementsByTagName(element);
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> Double.parseDouble(
                        all.item(i).getAttributes().getNamedItem(name).getNodeValue()))
                .toList();
    }

    @Test
    void decadesStandEquallyFarApart() throws Exception {
        Plot plot = new Plot("a title", "steps", "ms");
        for (int at = 10; at <= 10_000; at *= 10) {
            plot.add("a line", at, 1);
        }
        List<Double> across = attribute(picture(plot), "circle", "cx");
        assertEquals(4, across.size());
        double decade = across.get(1) - across.getFirst();
        assertTrue(decade > 100);
        for (int i = 1; i < across.size(); i++) {
            assertEquals(decade, across.get(i) - across.get(i - 1), 0.2);
        }
    }

    @Test
    void largerStandsHigherAndAllStandInside() throws Exception {
        Plot plot = new Plot("a title", "steps", "ms");
        plot.add("a line", 20, 0.1);
        plot.add("a line", 300, 0.4);
        plot.add("another", 20, 7);
        List<Double> down = attribute(picture(plot), "circle", "cy");
        assertTrue(down.get(1) < down.get(0) && down.get(2) < down.get(1), down.toString());
        assertTrue(down.stream().allMatch(y -> y >= 70 && y <= 360), down.toString());
    }

    @Test
    void onePointAndNoPointAreDrawnToo() throws Exception {
        Plot plot = new Plot("a title", "steps", "ms");
        assertEquals(List.of(), attribute(picture(plot), "circle", "cx"));
        plot.add("a line", 1_000, 0);
        assertEquals(1, attribute(picture(plot), "circle", "cx").size());
    }

    @Test
    void namesAreTextWhateverIsInThem() throws Exception {
        Plot plot = new Plot("a < b & c > d", "steps", "ms");
        plot.add("<script>", 10, 1);
        Document svg = picture(plot);
        assertEquals(0, svg.getElementsByTagName("script").getLength());
        assertEquals("a < b & c > d", svg.getElementsByTagName("text").item(0).getTextContent());
    }

    @Test
    void tableSaysHowFlatALineIs() {
        Plot plot = new Plot("a title", "steps", "ms");
        plot.add("a line", 1_000, 0.5);
        plot.add("a line", 10_000, 0.6);
        plot.add("another", 1_000, 2);
        List<String> lines = plot.table().lines().toList();
        assertEquals("a title: ms by steps", lines.getFirst());
        assertTrue(lines.get(1).endsWith("  1,000: 0.500  10,000: 0.600   flat within 20 %"), lines.get(1));
        assertTrue(lines.get(2).endsWith("flat within 0 %"), lines.get(2));
    }
}
