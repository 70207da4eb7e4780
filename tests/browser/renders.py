"""Counts what React renders, by listening where its developer tools do."""

COUNT_ROWS = """(() => {
  const PERFORMED_WORK = 1;
  const seen = (window.renderedRows = []);
  // The element that a component consists of; none for one that holds several, such as the list itself.
  const host = (fiber) => {
    while (fiber && typeof fiber.type !== "string") fiber = fiber.child?.sibling ? null : fiber.child;
    return fiber?.stateNode;
  };
  const note = (fiber) => {
    const element = typeof fiber.type === "string" || !(fiber.flags & PERFORMED_WORK) ? null : host(fiber);
    if (element?.matches?.("tr.row") && fiber.return && host(fiber.return) !== element) seen.push(element);
  };
  const mounted = (fiber) => {
    for (; fiber; fiber = fiber.sibling) {
      note(fiber);
      mounted(fiber.child);
    }
  };
  // A subtree that React left alone is the same object as before; its old flags say nothing.
  const compare = (next, before) => {
    note(next);
    if (next.child === before.child) return;
    for (let child = next.child; child; child = child.sibling) {
      if (child.alternate) compare(child, child.alternate);
      else {
        note(child);
        mounted(child.child);
      }
    }
  };
  window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    isDisabled: false,
    inject: () => 1,
    onCommitFiberUnmount: () => {},
    onPostCommitFiberRoot: () => {},
    onCommitFiberRoot: (_, root) => {
      if (root.current.alternate) compare(root.current, root.current.alternate);
    },
  };
})()"""
"""To be run before a page's own scripts. `renderedRows` then lists the row element of each row component rendered."""
