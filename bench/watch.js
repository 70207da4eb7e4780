// Runs in the other browser before its page. `seen`: when each numbered change stood in the page, in milliseconds
// since 1970. `rendered`: how many row components React rendered at each commit that rendered any.
(() => {
  const seen = {};
  const rendered = [];
  window.bench = { seen, rendered };
  new MutationObserver((records) => {
    const now = performance.timeOrigin + performance.now();
    for (const { target } of records) {
      const text = target.textContent ?? "";
      if (text.length > 2000) continue;
      const number = /Change (\d+)/.exec(text)?.[1];
      if (number && !(number in seen)) seen[number] = now;
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });

  const PERFORMED_WORK = 1;
  const COMPONENTS = new Set([0, 11, 14, 15]);
  const element = (fiber) => {
    while (fiber && !(fiber.stateNode instanceof Element)) fiber = fiber.child;
    return fiber?.stateNode;
  };
  // Rows have keys; the list around them, whose first element is a row too, has none.
  const isRow = (fiber) => fiber.key !== null && element(fiber)?.classList.contains("row");
  // Where a parent did not render, its children are the very same fibers as before: nothing below it rendered.
  const rows = (next, before, found) => {
    if (COMPONENTS.has(next.tag) && next.flags & PERFORMED_WORK && isRow(next)) found.add(element(next));
    if (next.child === before?.child) return;
    for (let child = next.child; child; child = child.sibling) {
      if (child.alternate) rows(child, child.alternate, found);
    }
  };
  window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    isDisabled: false,
    renderers: new Map(),
    inject: () => 1,
    checkDCE: () => {},
    onScheduleFiberRoot: () => {},
    onCommitFiberUnmount: () => {},
    onPostCommitFiberRoot: () => {},
    onCommitFiberRoot: (_id, root) => {
      const found = new Set();
      if (root.current.alternate) rows(root.current, root.current.alternate, found);
      if (found.size) rendered.push(found.size);
    },
  };
})();
