/// The characters with which UTF-8 of Chinese begins that was read as GBK.
///
/// Written out, so that the tables of GBK are filled only where a text begins with one of them; a test compares them with those tables.
enum GarbledBeginnings {
    /// A bit for each scalar below U+10000. Written once, here, and never freed; a pointer, so that looking counts no references.
    nonisolated(unsafe) private static let bits: UnsafePointer<UInt64> = {
        let bits = UnsafeMutablePointer<UInt64>.allocate(capacity: 1 << 10)
        bits.initialize(repeating: 0, count: 1 << 10)
        for scalar in characters.unicodeScalars { bits[Int(scalar.value >> 6)] |= 1 << UInt64(scalar.value & 63) }
        return UnsafePointer(bits)
    }()

    /// Whether the character at an index of valid UTF-8 is one of them.
    @inline(__always)
    static func hold(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard text[index] & 0xF0 == 0xE0, index &+ 2 < text.count else { return false }
        let scalar = Int(text[index] & 0x0F) &<< 12 | Int(text[index &+ 1] & 0x3F) &<< 6 | Int(text[index &+ 2] & 0x3F)
        return bits[scalar &>> 6] &>> UInt64(truncatingIfNeeded: scalar & 63) & 1 != 0
    }

    /// Two bytes of GBK: E2 to E9 or EF, with which UTF-8 begins that is Chinese, its marks (`。`, `“`) or full width; then 80 to BF.
    static let characters = """
        夂夤夥妗妞妤妫妯妲妾姊姒姗姘姝姣姹娅娆娈娉娌娑娓娣娲娴娼婀婊婕婢婧婵宀宄宓宕宥宸寤寮寰恪恽悃悌悒悖悚\
        悛悝悭悱悴悻惆惘惚惝惬惴愀愎愕愠愣愦愫慊慵憔憧憬搴杈杌杓杞杩棣棰椁椋椐椤椴椹楂楗楝楠楣楦楫楱楸楹榀榄\
        榇榈榉榘榛榧榫榭榻槌槎洄洇洌洎洙洚洧洫洮洳洵洹浃浈浍浏浒浔浜浞浠浣浯浼涑涓涔涞涠淇渚澧澶澹濂濉濞濠濡\
        濮濯瀚瀛瀣瀵瀹灏灞狻猊猓猕猗猝猞猡猢猥猬猱猸猹獍獐獗獠獬獯獾琚琛瑁瑕瑗瑙瑜瑭瑷瑾璀璁璇璋璎璐璜璞璧璨\
        璩璺瓒甯纭纰纾绀绁绂绉绋绌绐绔绗绛绠绡绨绫绮绯绱绲绶绺绻绾缁缂缃缇缈缍舛褰蹇鈥鈦鈧鈨鈩鈪鈫鈬鈭鈮鈯鈰\
        鈱鈲鈳鈴鈵鈶鈷鈸鈹鈺鈻鈼鈽鈾鈿鉀鉁鉂鉃鉄鉅銆銇銈銉銊銋銌銍銏銐銑銒銓銔銕銖銗銘銙銚銛銜銝銞銟銠銡銢銣\
        銤銥銦銧鋩鋪鋫鋬鋭鋮鋯鋰鋱鋲鋳鋴鋵鋶鋷鋸鋹鋺鋻鋼鋽鋾鋿錀錁錂錃錄錅錆錇錈錉鍊鍋鍌鍍鍎鍏鍐鍑鍒鍓鍔鍕鍖\
        鍗鍘鍙鍚鍛鍜鍝鍞鍟鍠鍡鍢鍣鍤鍥鍦鍧鍨鍩鍫鎬鎭鎮鎯鎰鎱鎲鎳鎴鎵鎶鎷鎸鎹鎺鎻鎼鎽鎾鎿鏀鏁鏂鏃鏄鏅鏆鏇鏈鏉\
        鏋鏌鏍鐎鐏鐐鐑鐒鐓鐔鐕鐖鐗鐘鐙鐚鐛鐜鐝鐞鐟鐠鐡鐢鐣鐤鐥鐦鐧鐨鐩鐪鐫鐬鐭鐮鑰鑱鑲鑳鑴鑵鑶鑷鑸鑹鑺鑻鑼鑽\
        鑾鑿钀钁钂钃钄钑钖钘铇铏铓铔铚铦铩铫铮铯铳铴铵铷铹铻铼铽铿锂锃锆锇锉锊锍锎锏锒锓锔锕锖锘锛锜锝锞锟锠\
        閫閬閭閮閯閰閱閲閳閴閵閶閷閸閹閺閻閼閽閾閿闀闁闂闃闄闅闆闇闈闉闊闋韪韫韬飥飦飧飩飪飫飬飭飮飯飰飱飲飳\
        飴飵飶飷飸飹飺飻飼飽飾飿餀餁餂餃餄餅餆餇饣饧饨饩饪骞
        """
}
