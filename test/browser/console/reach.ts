import type { Page } from 'playwright-core';

/** What can't be reached: a page that is too wide, and controls outside of what scrolls. */
export async function findCut(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const controls = [...document.querySelectorAll('a, button, input, select, textarea, summary')];
    const cut = controls.filter((control) => {
      const { left, right, width } = control.getBoundingClientRect();
      // The link past the navigation comes into sight with the focus.
      const isScrolled = control.closest('.table-frame, .navigation, .skip') !== null;
      return width > 0 && !isScrolled && (left < -1 || right > clientWidth + 1);
    });
    const wide = scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px too wide`] : [];
    return [...wide, ...cut.map(({ textContent, tagName }) => `${tagName} ${textContent} is cut`)];
  });
}

/** How much moves although it was asked to stand still. */
export async function countMoving(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const moving = [...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return transitionDuration !== '0s' || animationName !== 'none';
    });
    return document.getAnimations().length + moving.length;
  });
}
