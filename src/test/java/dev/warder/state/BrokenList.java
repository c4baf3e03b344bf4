package dev.warder.state;

import java.util.AbstractList;
import java.util.List;

/** Actions that an error of the virtual machine interrupts once, where no action runs. For tests. */
final class BrokenList<A> extends AbstractList<A> {
    private final List<A> actions;
    private final int before;
    private int read;
    private boolean broken;

    /** @param before how many actions are read before the error */
    BrokenList(List<A> actions, int before) {
        this.actions = actions;
        this.before = before;
    }

    @Override
    public A get(int index) {
        read++;
        return actions.get(index);
    }

    @Override
    public boolean isEmpty() {
        return actions.isEmpty();
    }

    @Override
    public int size() {
        if (read == before && !broken) {
            broken = true;
            throw new InternalError("an error of the test");
        }
        return actions.size();
    }
}
