// What every page carries: the phone's menu is named and closes itself; a reload is warned of.

const MENU = '[data-testid="stExpandSidebarButton"]';
const CLOSE = '[data-testid="stSidebarCollapseButton"] button';
const LINK = '[data-testid="stSidebarNavLink"]';

export default function ({ data, parentElement }) {
  parentElement.films = data.films;
  if (parentElement.stop) return parentElement.stop;
  const warn = (event) => {
    if (parentElement.films) event.preventDefault();
  };
  const close = (event) => {
    if (!event.target.closest(LINK) || innerWidth > 768) return;
    setTimeout(() => document.querySelector(CLOSE)?.click());
  };
  const observer = new MutationObserver(nameMenu);
  observer.observe(document.body, { childList: true, subtree: true });
  addEventListener("beforeunload", warn);
  document.addEventListener("click", close);
  nameMenu();
  parentElement.stop = () => {
    observer.disconnect();
    removeEventListener("beforeunload", warn);
    document.removeEventListener("click", close);
    parentElement.stop = undefined;
  };
  return parentElement.stop;
}

function nameMenu() {
  for (const [selector, name] of [[MENU, "Menu"], [CLOSE, "Close menu"]])
    for (const button of document.querySelectorAll(selector))
      if (button.ariaLabel !== name) button.ariaLabel = name;
}
