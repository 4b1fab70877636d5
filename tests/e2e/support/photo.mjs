// A photograph of a receipt, as a telephone would take it: a real PNG, drawn by the browser.

const RECEIPT = `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #8a7355; display: grid; place-items: center; height: 100vh }
div { background: #fdfcf7; padding: 28px 34px; rotate: -2deg; font: 17px/1.7 serif; box-shadow: 0 4px 18px #0008 }
</style><div>好日子家电商行<br>电饭煲 YL-40 &nbsp; 1 台<br>实收 &nbsp; 469.00 元<br>2026-10-08 15:32<br>谢谢惠顾</div>`;

export async function takePhoto(browser) {
  const page = await browser.newPage({ viewport: { width: 480, height: 640 } });
  await page.setContent(RECEIPT);
  const photo = await page.screenshot({ type: 'png' });
  await page.close();
  return photo;
}
