package qrate.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Says what would happen to mail for an address, without sending any.
@FunctionalInterface
public interface WhatIf {
    Fate of(String address) throws IOException;

    /// What would happen.
    ///
    /// @param outcome `delivered`, `elsewhere` (another host has the word), `waits`, `bounces` or `refused`
    /// @param text the same in a sentence, with what would be said
    /// @param steps on the way there
    record Fate(String outcome, String text, List<Step> steps) {
        public Fate {
            steps = List.copyOf(steps);
        }

        Map<String, Object> json(String address) {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("address", address);
            shape.put("outcome", outcome);
            shape.put("text", text);
            shape.put("steps", steps.stream().map(Step::json).toList());
            return shape;
        }
    }

    /// One step.
    ///
    /// @param part which program says so
    /// @param depth how many forwards lead there
    record Step(String part, int depth, String text) {
        private Map<String, Object> json() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("part", part);
            shape.put("depth", depth);
            shape.put("text", text);
            return shape;
        }
    }
}
