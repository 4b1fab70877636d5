#!/usr/bin/env python3
"""Makes XiaobaoSong-Regular.otf from Noto Serif CJK SC.

    python3 make_fonts.py NotoSerifCJK-Regular.ttc

Needs fontTools 4.38 or later (Debian: python3-fonttools). The source is the file of Debian's fonts-noto-cjk
1:20220127+repack1-1 (Noto Serif CJK 2.000); face 2 of the collection is the one for simplified Chinese.

Kept: GB 2312 whole, printable ASCII, and the signs that forms use beyond it. Hints, layout features and vertical metrics
go: the program places every character itself. The Open Font License of the source reserves the name 'Source', and a
changed font should not pass for the original, so the result carries a name of its own. Times are set to nought, so the
same source gives the same bytes.
"""

import sys
from fontTools import subset
from fontTools.ttLib import TTFont

NAME = "Xiaobao Song"
BEYOND = "﹝﹞〔〕【】「」『』☑☐☒□■✓✔×÷±≤≥㎡℃№¥￥—–…·•①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ\u3000\u00a0"
# Characters of names that GB 2312 lacks and a bureau meets all the same.
NAMES = "堃喆昇玥珺璟钰铭镕瑄璐昕彧奕翊頔骎骐祎祺禛瑾瑀琬琦琛琮琨玮玙珅珉珮珣珩珽珞璇璎嫒媛婳婵嬅妤姝姣娉婷煊煜煦烨炜焱燚垚犇骉鑫淼" \
        "偲伃侂俣倞僳冮凇刬剀劼勍勚匋卬厓叆吔呙咘咥咺哒唪啰喼嗞嘚嘡囍圳坜坨垟垭埇埗埔堌塱墉墠奭孖岽峁峂崾嵎嵚嵩嶒岙岚岿嵘巘怡恺惇愫慜戬扆抃昉昶晞晟" \
        "晗暄暠曈朓杺柃栩桄梽椤楂榕槿橦檑汜沄沘沺泖洺浟浥浠浡涢淏淯渼湉湜湲溁溇滘滢漖潓潕潞澥澴瀍灏烜焯焜爟牁犨珑瑗璜璘瓅畈畲疃" \
        "痃盺睿砜碥磜祐禤竑竦笠筼箐篁籼糍纮绎绚绱绶缦缪罍羿翀翙翚翥翯耔耥聿芃苈茓茝荭荙莙菀菂葳蒗蒟蒽蕻薏藁虓蚬蛳袆裎裈觌訚诩谞谡豨赟赑趯跶" \
        "跹轪辂轸迓逯遴邗邙邛邰邱郄郇郫鄄鄠鄢酆酩鈊钅钊钋钗钭铌铖锃锜锳镠镡镳闳闵阃阇阊陂陉隈隗雒雠霂霄霁霏韪韫韬颀颋颎颙飏飐馀馊骀骁骍骕骙骝骞骢骧" \
        "髙鬯鬶鲃鲌鳇鳉鳑鳚鸑鹍鹮麃麒麟黉黟黾鼒齮龢龚屌囧嘅嗰冇喺佢哋唔睇畀"


def main(source: str) -> None:
    kept = {ord(letter) for letter in BEYOND + NAMES}
    kept.update(range(0x20, 0x7F))
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                kept.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    font = TTFont(source, fontNumber=2, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=kept)
    cutter.subset(font)
    names = font["name"]
    version = "Version 1.0; subset of Noto Serif CJK SC 2.000"
    texts = {1: NAME, 2: "Regular", 3: f"{NAME} 1.0", 4: NAME, 5: version, 6: "XiaobaoSong-Regular"}
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = ["XiaobaoSong-Regular"]
    top.topDictIndex[0].FullName = NAME
    top.topDictIndex[0].FamilyName = NAME
    font["head"].created = font["head"].modified = 0
    font.save("XiaobaoSong-Regular.otf", reorderTables=True)
    print(len(font.getBestCmap()), "characters")


if __name__ == "__main__":
    main(sys.argv[1])
