package qrate.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// YAML (1.2) as trees of {@link Value}: no tags, no objects, no documents but one.
final class Yaml {
    /// Largest file, in bytes.
    static final int FILE_BYTES_MAX = 16 << 20;

    /// Deepest nesting.
    static final int DEPTH_MAX = 12;

    /// Most values, those that an alias repeats counted each time.
    static final int VALUES_MAX = 2_000_000;

    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setLabel("the file")
            .setCodePointLimit(FILE_BYTES_MAX)
            .build();

    private static final DumpSettings WRITTEN = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setSplitLines(false)
            .setDereferenceAliases(true)
            .build();

    private final Iterator<Event> events;
    private final Map<Anchor, Value> anchors = new HashMap<>();

    private Yaml(Iterator<Event> events) {
        this.events = events;
    }

    /// Reads a file.
    static Value read(byte[] bytes) throws BadFile {
        if (bytes.length > FILE_BYTES_MAX) {
            throw new BadFile("larger than " + FILE_BYTES_MAX + " bytes");
        }
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new Yaml(new Parse(SETTINGS).parseString(text).iterator()).document();
        } catch (CharacterCodingException e) {
            throw new BadFile("is no text in UTF-8");
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> at = e.getProblemMark().or(e::getContextMark);
            String why = BadFile.shown(e.getProblem() == null ? "no YAML" : e.getProblem());
            throw at.isPresent() ? new BadFile(place(at.get()), why) : new BadFile(why);
        } catch (YamlEngineException e) {
            throw new BadFile(BadFile.shown(String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // what the library throws at an escape that is cut off, or names no character
            throw new BadFile("no YAML: " + BadFile.shown(String.valueOf(e.getMessage())));
        }
    }

    /// Writes maps, lists, texts, numbers and truths.
    static String write(Object value) {
        return new Dump(WRITTEN).dumpToString(value);
    }

    private Value document() throws BadFile {
        Value.Mark start = new Value.Mark(1, 1);
        Value found = new Value.Text("", true, start);
        boolean one = false;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
                case DocumentStart -> {
                    if (one) {
                        throw new BadFile(place(event), "a second document: one is taken");
                    }
                    one = true;
                }
                case Alias, Scalar, SequenceStart, SequenceEnd, MappingStart, MappingEnd -> found = value(event, 1);
            }
        }
        return found;
    }

    private Value value(Event event, int depth) throws BadFile {
        if (depth > DEPTH_MAX) {
            throw new BadFile(place(event), "nested deeper than " + DEPTH_MAX);
        }
        Value value = switch (event) {
            case AliasEvent alias -> alias(alias);
            case ScalarEvent scalar -> {
                untagged(scalar, scalar.getTag());
                yield new Value.Text(scalar.getValue(), scalar.isPlain(), place(scalar));
            }
            case SequenceStartEvent start -> {
                untagged(start, start.getTag());
                yield items(start, depth);
            }
            case MappingStartEvent start -> {
                untagged(start, start.getTag());
                yield members(start, depth);
            }
            default -> throw new BadFile(place(event), "no value");
        };
        if (value.size() > VALUES_MAX) {
            throw new BadFile(place(event), "more than " + VALUES_MAX + " values");
        }
        if (event instanceof NodeEvent node && !(event instanceof AliasEvent)) {
            node.getAnchor().ifPresent(anchor -> anchors.put(anchor, value));
        }
        return value;
    }

    private Value alias(AliasEvent alias) throws BadFile {
        Value known = anchors.get(alias.getAlias());
        if (known == null) {
            throw new BadFile(place(alias), "*" + alias.getAlias().getValue() + ": nothing before it is called so");
        }
        return known;
    }

    private static void untagged(Event event, Optional<String> tag) throws BadFile {
        if (tag.isPresent()) {
            throw new BadFile(place(event), BadFile.shown(tag.get()) + ": no tags are taken");
        }
    }

    private Value items(SequenceStartEvent start, int depth) throws BadFile {
        List<Value> items = new ArrayList<>();
        long size = 1;
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            Value item = value(event, depth + 1);
            items.add(item);
            size += item.size();
        }
        return new Value.Items(items, place(start), size);
    }

    private Value members(MappingStartEvent start, int depth) throws BadFile {
        Map<String, Value.Member> members = new LinkedHashMap<>();
        long size = 1;
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            if (!(value(event, depth + 1) instanceof Value.Text key)) {
                throw new BadFile(place(event), "a key must be a word");
            }
            Value value = value(events.next(), depth + 1);
            size += 1 + value.size();
            if (members.put(key.text(), new Value.Member(place(event), value)) != null) {
                throw new BadFile(place(event), BadFile.shown(key.text()) + ": stands there twice");
            }
        }
        return new Value.Members(members, place(start), size);
    }

    private static Value.Mark place(Event event) {
        return event.getStartMark().map(Yaml::place).orElse(new Value.Mark(1, 1));
    }

    private static Value.Mark place(Mark mark) {
        return new Value.Mark(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
