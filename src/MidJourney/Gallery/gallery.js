(() => {
  'use strict';

  const byId = id => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const textOf = (element, selector) => element.querySelector(selector)?.textContent ?? '';
  const buttonOf = tile => tile?.querySelector(':scope > figure > button');
  const groups = byId('groups');
  const sections = all('section[data-group]');

  // Times in the reader's zone; the year only if it is another one.
  const short = { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' };
  const thisYear = new Intl.DateTimeFormat(undefined, short);
  const otherYear = new Intl.DateTimeFormat(undefined, { year: 'numeric', ...short });
  for (const time of all('time')) {
    const date = new Date(time.dateTime);
    time.title = time.textContent;
    time.textContent = (date.getFullYear() === new Date().getFullYear() ? thisYear : otherYear).format(date);
  }

  // Sizes in pixels, and images that cannot be shown. These events do not bubble.
  const isTile = image => image.tagName === 'IMG' && image.closest('[data-image]') !== null;
  const loaded = image => {
    image.closest('figure').querySelector('[data-pixels]').textContent = `${image.naturalWidth} × ${image.naturalHeight}`;
  };
  const broken = image => {
    image.closest('button').classList.add('broken');
    image.closest('figure').querySelector('[data-pixels]').textContent = 'file missing, or not shown by this browser';
  };
  document.addEventListener('load', e => { if (isTile(e.target)) loaded(e.target); }, true);
  document.addEventListener('error', e => { if (isTile(e.target)) broken(e.target); }, true);
  for (const image of all('[data-image] img')) if (image.complete && image.naturalWidth > 0) loaded(image);

  // Filter: a task matches if it has every word, and the state and model. What it was made of stays, too.
  const lower = text => text.normalize('NFC').toLowerCase();
  const tasks = all('article[data-task]').map(element => {
    const section = element.closest('section');
    const tiles = all(':scope > ol > [data-image]', element);
    const texts = [textOf(section, 'h2'), element.dataset.taskId, textOf(element, ':scope > header'), ...tiles.map(t => t.dataset.jobId)];
    const source = element.dataset.source ? byId(element.dataset.source) : null;
    return { element, section, tiles, source, text: lower(texts.join('\n')), state: element.dataset.state, model: element.dataset.model };
  });
  let buttons = [];

  const filter = () => {
    const words = lower(byId('filter').value).split(/\s+/).filter(Boolean);
    const state = byId('state').value;
    const model = byId('model').value;
    const neededTiles = new Set();
    const shownSections = new Set();
    let taskCount = 0;
    let imageCount = 0;
    for (const task of tasks.toReversed()) { // What was made of an image comes after it.
      const matches = (!state || task.state === state) && (!model || task.model === model) && words.every(w => task.text.includes(w));
      const needed = task.tiles.some(tile => neededTiles.has(tile));
      task.element.hidden = !matches && !needed;
      task.element.classList.toggle('context', needed && !matches);
      for (const tile of task.tiles) tile.hidden = !matches && !neededTiles.has(tile);
      if (matches) {
        taskCount++;
        imageCount += task.tiles.length;
      }
      if (!task.element.hidden) {
        shownSections.add(task.section);
        if (task.source) neededTiles.add(task.source);
      }
    }
    for (const section of sections) section.hidden = !shownSections.has(section);
    byId('none').hidden = shownSections.size > 0;
    const total = taskCount === tasks.length ? '' : ` of ${tasks.length}`;
    byId('count').textContent = `${taskCount}${total} task${taskCount === 1 && !total ? '' : 's'}, ${imageCount} image${imageCount === 1 ? '' : 's'}`;
    findButtons();
    updateBar();
  };

  const findButtons = () => { buttons = all('button.box', groups).filter(button => !button.closest('[hidden]')); };

  // Sort: unknown times and costs come last. Costs are compared within a currency.
  const collator = new Intl.Collator(undefined, { numeric: true });
  const byNumber = (name, sign) => (a, b) => {
    const [x, y] = [a.dataset[name], b.dataset[name]];
    return x === undefined || y === undefined ? (x === undefined) - (y === undefined) : sign * (x - y);
  };
  const byText = text => (a, b) => collator.compare(text(a), text(b));
  const byCurrency = byText(section => section.dataset.currency ?? '\uffff');
  const byCost = byNumber('cost', -1);
  const orders = {
    newest: byNumber('time', -1),
    oldest: byNumber('time', 1),
    cost: (a, b) => byCurrency(a, b) || byCost(a, b),
    prompt: byText(section => textOf(section, 'h2')),
  };
  const sort = () => {
    groups.append(...sections.toSorted(orders[byId('sort').value]));
    findButtons();
  };

  // Choosing.
  const chosen = () => all('button.box[aria-pressed="true"]', groups);
  const isChoosable = button => button.hasAttribute('aria-pressed');
  const toggle = button => {
    if (!button || !isChoosable(button)) return;
    button.setAttribute('aria-pressed', button.getAttribute('aria-pressed') !== 'true');
    updateBar();
  };

  const toggleAt = tile => { if (tile && !tile.hidden) toggle(buttonOf(tile)); };

  // Jobs with the same images share a call.
  const command = tiles => {
    const [cmdlet, type] = byId('action').value.split(' ');
    const images = new Map();
    for (const { job, imageNo } of tiles) images.set(job, (images.get(job) ?? new Set()).add(Number(imageNo)));
    const calls = new Map();
    for (const [job, numbers] of images) {
      const key = [...numbers].sort((a, b) => a - b).join(',');
      calls.set(key, [...(calls.get(key) ?? []), job]);
    }
    const lines = [...calls].map(([numbers, jobs]) => `${cmdlet} -JobId ${jobs.join(',')} -ImageNo ${numbers} -Type ${type}`);
    const create = lines.length === 1 ? lines[0] : `& { ${lines.join('; ')} }`;
    return `${create} | Wait-MJTask | Save-MJOutput${byId('bar').dataset.save}`;
  };

  const updateBar = () => {
    const marked = chosen();
    byId('bar').hidden = marked.length === 0;
    const hidden = marked.filter(button => button.closest('[hidden]')).length;
    byId('chosen').textContent = marked.length === 0 ? '' : `${marked.length} chosen${hidden ? ` (${hidden} not shown)` : ''}`;
    byId('command').value = marked.length === 0 ? '' : command(marked.map(button => button.closest('[data-image]').dataset));
    byId('copy').textContent = 'Copy command';
  };

  const copy = async () => {
    const field = byId('command');
    let copied = false;
    try {
      await navigator.clipboard.writeText(field.value);
      copied = true;
    } catch { // Not available or not allowed here.
      field.focus();
      field.select();
      copied = document.execCommand('copy');
    }
    byId('copy').textContent = copied ? 'Copied' : 'Press Ctrl+C';
  };

  // Moving: to the nearest image in that direction, in this section or the next.
  const nearby = button => {
    const section = button.closest('section');
    const shown = all('section[data-group]', groups).filter(s => !s.hidden);
    const at = shown.indexOf(section);
    const near = new Set(shown.slice(Math.max(0, at - 1), at + 2));
    return buttons.filter(b => b !== button && near.has(b.closest('section')));
  };
  const neighbour = (button, x, y) => {
    const middle = r => ({ x: (r.left + r.right) / 2, y: (r.top + r.bottom) / 2 });
    const from = button.getBoundingClientRect();
    let best = null;
    for (const other of nearby(button)) {
      const to = other.getBoundingClientRect();
      const along = x * (middle(to).x - middle(from).x) + y * (middle(to).y - middle(from).y);
      const apart = x ? Math.max(from.top, to.top) - Math.min(from.bottom, to.bottom) : Math.max(from.left, to.left) - Math.min(from.right, to.right);
      if (along < 2 || (x && apart >= 0)) continue;
      const isBeside = apart >= 0; // What is straight above or below comes first.
      const distance = along + 2 * Math.max(0, apart);
      if (!best || (isBeside === best.isBeside ? distance < best.distance : best.isBeside)) best = { other, isBeside, distance };
    }
    return best?.other ?? (x ? buttons[buttons.indexOf(button) + x] : null);
  };

  // The viewer.
  const viewer = byId('viewer');
  const frame = viewer.querySelector('.frame');
  let current = null;
  let opener = null;
  let comparing = false;
  const imageOf = button => button.querySelector('img');
  const taskOf = button => button.closest('article');
  const sourceOf = button => {
    const source = buttonOf(byId(taskOf(button).dataset.source));
    return source && !source.classList.contains('broken') ? imageOf(source) : null;
  };
  const nameOf = image => `${textOf(taskOf(image), 'h3')}, ${textOf(image.closest('figure'), 'figcaption span')}`;

  const textsOf = (selector, root) => all(selector, root).map(e => e.textContent);

  const show = button => {
    current = button;
    const image = imageOf(button);
    const large = byId('large');
    large.src = image.src;
    large.alt = image.alt;
    shape(image);
    byId('file').href = image.src;
    const task = taskOf(button);
    byId('caption').textContent = textOf(task, ':scope > header .prompt') || textOf(button.closest('section'), 'h2');
    byId('facts').replaceChildren(...[nameOf(image), ...textsOf('figcaption span', button.closest('figure')).slice(1), ...textsOf(':scope > header .facts > span', task)].filter(Boolean).map(text => {
      const span = document.createElement('span');
      span.textContent = text;
      return span;
    }));
    byId('compare').hidden = !sourceOf(button);
    byId('choose').hidden = !isChoosable(button);
    byId('choose').setAttribute('aria-pressed', button.getAttribute('aria-pressed') === 'true');
    const at = buttons.indexOf(button);
    byId('previous').disabled = at <= 0;
    byId('next').disabled = at === buttons.length - 1;
    compare(comparing);
  };
  const shape = image => { if (image.naturalWidth > 0) frame.style.setProperty('--shape', image.naturalWidth / image.naturalHeight); };
  byId('large').addEventListener('load', e => shape(e.target));

  const compare = on => {
    comparing = on;
    const source = on ? sourceOf(current) : null;
    byId('compare').setAttribute('aria-pressed', source !== null);
    frame.classList.toggle('comparing', source !== null);
    for (const id of ['before', 'split', 'left', 'right']) byId(id).hidden = source === null;
    if (source) {
      byId('before').src = source.src;
      byId('before').alt = source.alt;
      byId('left').textContent = nameOf(source);
      byId('right').textContent = nameOf(imageOf(current));
    }
    split();
  };
  const split = () => frame.style.setProperty('--split', byId('split').hidden ? '0%' : `${byId('split').value}%`);

  const toggleCompare = () => {
    compare(!comparing);
    (comparing ? byId('split') : frame).focus();
  };

  const view = button => {
    if (!viewer.open) {
      opener = document.activeElement;
      comparing = false;
      byId('split').value = 50;
      viewer.showModal();
      frame.focus();
    }
    show(button);
  };
  const step = by => {
    const next = buttons[buttons.indexOf(current) + by];
    if (next) show(next);
  };
  const chooseCurrent = () => {
    toggle(current);
    byId('choose').setAttribute('aria-pressed', current.getAttribute('aria-pressed') === 'true');
  };
  viewer.addEventListener('close', () => opener?.focus());

  // Events.
  groups.addEventListener('click', e => {
    const button = e.target.closest('button.box');
    const link = e.target.closest('figcaption a');
    const linked = link?.closest('figure').querySelector('button.box');
    if (button && isChoosable(button)) toggle(button);
    else if (button) view(button);
    else if (linked && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
      e.preventDefault();
      view(linked);
    }
  });

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const keys = document.querySelector('.keys');
  const pageKey = e => {
    const button = e.target.closest?.('button.box');
    const typing = e.target.matches?.('input');
    if (e.key === 'Escape') {
      if (e.target.id === 'filter') {
        e.target.value = '';
        filter();
      }
      if (keys.open) keys.open = false;
      else document.activeElement?.blur();
    } else if (e.key === '/' && !typing) byId('filter').focus();
    else if (e.key === '?' && !typing) keys.open = !keys.open;
    else if (button && arrows[e.key]) neighbour(button, ...arrows[e.key])?.focus();
    else if (button && e.key === 'v') view(button);
    else if (button && /^[1-4]$/.test(e.key)) toggleAt(button.closest('ol').children[e.key - 1]);
    else return;
    e.preventDefault();
  };
  const viewerKey = e => {
    const onSlider = e.target.id === 'split'; // It has its own use for arrows.
    if (e.key === 'ArrowLeft' && !onSlider) step(-1);
    else if (e.key === 'ArrowRight' && !onSlider) step(1);
    else if (e.key === ' ' && !e.target.closest('button, a')) chooseCurrent();
    else if (e.key === 'c' && sourceOf(current)) toggleCompare();
    else return;
    e.preventDefault();
  };
  document.addEventListener('keydown', e => {
    if (!e.ctrlKey && !e.altKey && !e.metaKey) (viewer.open ? viewerKey : pageKey)(e);
  });

  const on = (id, event, action) => byId(id).addEventListener(event, action);
  for (const id of ['filter', 'state', 'model']) on(id, 'input', filter);
  on('sort', 'input', sort);
  on('action', 'input', updateBar);
  on('copy', 'click', copy);
  on('clear', 'click', () => {
    for (const button of chosen()) button.setAttribute('aria-pressed', 'false');
    updateBar();
  });
  on('command', 'focus', e => e.target.select());
  on('previous', 'click', () => step(-1));
  on('next', 'click', () => step(1));
  on('choose', 'click', chooseCurrent);
  on('compare', 'click', toggleCompare);
  on('close', 'click', () => viewer.close());
  on('split', 'input', split);

  document.querySelector('.tools').hidden = false;
  filter();
  document.documentElement.dataset.ready = 'true';
})();
